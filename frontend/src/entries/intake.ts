// Handing in files: drop them anywhere on the form, see what was chosen, see how much of it is on its way.

const form = document.querySelector<HTMLFormElement>("[data-drop]");
const input = form?.querySelector<HTMLInputElement>("input[type=file]");

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function showChosen(list: HTMLElement, files: FileList): void {
  list.hidden = files.length < 2;
  list.replaceChildren(
    ...[...files].map((file) => {
      const line = document.createElement("li");
      line.textContent = `${file.name} · ${size(file.size)}`;
      return line;
    }),
  );
}

function send(form: HTMLFormElement): void {
  const way = form.querySelector<HTMLElement>("[data-way]");
  const bar = way?.querySelector("progress");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    if (bar && event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
  });
  request.addEventListener("load", () => {
    if (request.status < 400) location.assign(request.responseURL);
    else {
      document.dispatchEvent(
        new CustomEvent("callcoach:toast", { detail: { sentence: request.responseText.slice(0, 400), kind: "bad" } }),
      );
      busy(false);
    }
  });
  request.addEventListener("error", () => {
    document.dispatchEvent(
      new CustomEvent("callcoach:toast", { detail: { sentence: "The files did not get through. Nothing was kept; send them again.", kind: "bad" } }),
    );
    busy(false);
  });
  const busy = (on: boolean): void => {
    if (way) way.hidden = !on;
    for (const button of form.querySelectorAll("button")) button.disabled = on;
  };
  request.setRequestHeader("HX-Request", "true");
  busy(true);
  request.send(new FormData(form));
}

if (form && input) {
  for (const hidden of form.querySelectorAll<HTMLElement>("[data-needs-script]")) hidden.hidden = false;
  const chosen = form.querySelector<HTMLElement>("[data-chosen]");
  input.addEventListener("change", () => chosen && input.files && showChosen(chosen, input.files));
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change"));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
  document.documentElement.dataset.intake = "ready";
}
