// Two lanes of sound on a canvas, from what the server measured: the rep above, the customer below. Knows nothing of the page.
//
// Drawn here and not by a library: a mono recording has its two sides in one channel, and what a library draws by channel is
// drawn here by who speaks. No element gets a style in markup, so that the page's policy on styles holds.

interface Drawing {
  readonly duration: number;
  readonly step: number;
  readonly lanes: readonly { readonly role: string; readonly points: readonly number[] }[];
}

const LOUDEST = 100;
const BAR = 2;
const GAP = 1;

export class Lanes {
  private drawing: Drawing | null = null;
  private pauses: [number, number][] = [];

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly head: HTMLElement,
    private readonly length: () => number,
  ) {}

  /** Fetch the drawing; where there is none the lanes stay a plain line that can still be clicked. */
  async load(address: string, pauses: () => [number, number][]): Promise<void> {
    try {
      const answer = await fetch(address);
      if (answer.ok) this.drawing = (await answer.json()) as Drawing;
    } catch {
      // the sound plays without its drawing
    }
    this.pauses = pauses().filter(([from, to]) => to > from);
    this.draw();
  }

  /** Put the head where the sound is. */
  at(seconds: number): void {
    const length = this.length();
    this.head.style.left = `${length > 0 ? Math.min(100, (100 * seconds) / length) : 0}%`;
  }

  draw(): void {
    const { canvas } = this;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    const brush = canvas.getContext("2d");
    if (!brush || width === 0) return;
    const scale = devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    brush.scale(scale, scale);
    const look = getComputedStyle(canvas);
    const colour = (name: string): string => this.colour(look, name);
    brush.fillStyle = colour("--sunken");
    brush.fillRect(0, 0, width, height);
    this.silences(brush, width, height, colour("--edge"));
    const lanes = this.drawing?.lanes ?? [];
    const tall = height / Math.max(1, lanes.length);
    lanes.forEach((lane, number) => {
      brush.fillStyle = lane.role === "rep" ? colour("--accent") : colour("--edge");
      this.lane(brush, lane.points, width, tall, number * tall + tall / 2);
    });
    brush.fillStyle = colour("--line");
    if (lanes.length > 1) brush.fillRect(0, Math.round(height / 2), width, 1);
  }

  private lane(brush: CanvasRenderingContext2D, points: readonly number[], width: number, tall: number, middle: number): void {
    const length = this.length() || this.drawing?.duration || 1;
    const shown = (width * (this.drawing?.duration ?? length)) / length;
    // each is as loud as it gets: a quiet side is to be seen, too
    const loudest = Math.max(12, ...points) / LOUDEST;
    for (let x = 0; x < shown; x += BAR + GAP) {
      const from = Math.floor((x / shown) * points.length);
      const to = Math.max(from + 1, Math.floor(((x + BAR + GAP) / shown) * points.length));
      let loud = 0;
      for (let at = from; at < to; at += 1) loud = Math.max(loud, points[at] ?? 0);
      const half = loud === 0 ? 0 : Math.max(0.75, ((loud / LOUDEST / loudest) * (tall - 8)) / 2);
      if (half > 0) brush.fillRect(x, middle - half, BAR, 2 * half);
    }
  }

  private silences(brush: CanvasRenderingContext2D, width: number, height: number, colour: string): void {
    const length = this.length();
    if (length <= 0) return;
    brush.save();
    brush.strokeStyle = colour;
    brush.globalAlpha = 0.45;
    brush.lineWidth = 1;
    for (const [from, to] of this.pauses) {
      const left = (from / length) * width;
      const right = (to / length) * width;
      brush.save();
      brush.beginPath();
      brush.rect(left, 0, right - left, height);
      brush.clip();
      brush.beginPath();
      for (let x = left - height; x < right; x += 5) {
        brush.moveTo(x, height);
        brush.lineTo(x + height, 0);
      }
      brush.stroke();
      brush.restore();
    }
    brush.restore();
  }

  /** A colour of the page as a canvas takes it: light-dark() is resolved by an element that wears it. */
  private colour(look: CSSStyleDeclaration, name: string): string {
    const probe = this.head;
    const before = probe.style.color;
    probe.style.color = `var(${name})`;
    const found = getComputedStyle(probe).color;
    probe.style.color = before;
    return found || look.color;
  }
}
