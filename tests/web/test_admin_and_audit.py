"""Admin and the audit log: what is changed is noted, and what was noted cannot be changed unseen."""

import sqlite3

from callcoach.app.audit import audit_page, verify_audit
from callcoach.cli import main as cli
from callcoach.settings import Settings


def test_what_an_admin_does_is_noted_with_who_did_it(company, client):
    admin = client("admin")
    made = admin.post("/admin/accounts", data={"email": "beth@wrenfield.example", "role": "manager", "person": "M02"})
    assert made.status_code == 200 and "shown this once" in made.text
    found = audit_page(company, action="account.add")
    assert [(line.email, line.subject, line.details["role"]) for line in found.lines] == [
        ("admin@wrenfield.example", "beth@wrenfield.example", "manager")
    ]
    shown = admin.get("/admin/audit?action=account").text
    assert "beth@wrenfield.example" in shown
    assert "No line matches" in admin.get("/admin/audit?subject=nobody-at-all").text
    assert admin.get("/admin/audit?page=x&who=%00").status_code == 200


def test_what_cannot_be_is_told_beside_the_form(client):
    admin = client("admin")
    for form, told in (
        ({"email": "no mail", "role": "rep"}, "no e-mail address"),
        ({"email": "admin@wrenfield.example", "role": "rep"}, "has an account already"),
        ({"email": "x@y.example", "role": "rep", "person": "R99"}, "knows nobody"),
        ({"email": "x@y.example", "role": "manager", "team": "moon"}, "knows no team moon"),
        ({"email": "x@y.example", "role": "king"}, "role"),
    ):
        answer = admin.post("/admin/accounts", data=form)
        assert answer.status_code == 422
        assert told in answer.text


def test_a_line_that_is_changed_or_cut_off_is_noticed(company, client):
    client("admin").post("/sign-out")
    client("manager").post("/sign-out")
    whole = verify_audit(company)
    assert whole.wrong is None and whole.lines >= 2
    database = sqlite3.connect(company.settings.home / "callcoach.db")
    with database:
        database.execute("update audit set subject = 'nothing' where number = ?", (whole.lines,))
    assert verify_audit(company).wrong == f"Line {whole.lines} is not as it was written."
    with database:
        database.execute("delete from audit where number = ?", (whole.lines,))
    assert "was written" in (verify_audit(company).wrong or "")
    with database:
        database.execute("update audit set number = number + 1 where number = ?", (whole.lines - 1,))
    assert "is gone" in (verify_audit(company).wrong or "")


def test_accounts_are_made_and_changed_on_the_command_line(company, capsys, monkeypatch):
    home = str(company.settings.home)
    assert Settings(home=home).home == company.settings.home

    def callcoach(*arguments: str) -> str:
        monkeypatch.setattr("sys.argv", ["callcoach", *arguments, "--workspace", home])
        try:
            cli.main()
        except SystemExit as ended:
            assert not ended.code, capsys.readouterr().err
        return capsys.readouterr().out

    added = callcoach("user", "add", "Beth@Wrenfield.example", "--role", "manager", "--team", "ridge")
    assert "beth@wrenfield.example may sign in as manager." in added and "shown this once: " in added
    assert "first password" in callcoach("user", "list")
    assert "is enablement" in callcoach("user", "role", "beth@wrenfield.example", "enablement")
    token = callcoach("token", "new", "beth@wrenfield.example", "--name", "export").strip()
    assert token.startswith("callcoach_")
    listed = callcoach("token", "list")
    assert "export" in listed and token not in listed
    token_id = next(line.split()[0] for line in listed.splitlines() if "export" in line)
    assert "is revoked" in callcoach("token", "revoke", token_id)
    assert "not sign in any more" in callcoach("user", "disable", "beth@wrenfield.example")
    assert "shown this once" in callcoach("user", "password", "beth@wrenfield.example")
    assert "is whole" in callcoach("audit", "verify")
