// What the vendored scripts give to the page, as far as ours use it.

interface UPlot {
  readonly ctx: CanvasRenderingContext2D;
  readonly bbox: { left: number; top: number; width: number; height: number };
  readonly over: HTMLElement;
  readonly root: HTMLElement;
  readonly height: number;
  valToPos(value: number, scale: "x" | "y", inCanvasPixels: boolean): number;
  setScale(scale: "x", range: { min: number; max: number }): void;
  setSize(size: { width: number; height: number }): void;
  redraw(rebuildPaths: boolean): void;
  destroy(): void;
}

declare const uPlot: {
  new (options: object, data: unknown[][], place: HTMLElement): UPlot;
  readonly pxRatio: number;
  tzDate(date: Date, zone: string): Date;
};

interface PadPoint {
  x: number;
  y: number;
  time: number;
  pressure: number;
}

declare class SignaturePad extends EventTarget {
  constructor(canvas: HTMLCanvasElement, options: object);
  on(): void;
  off(): void;
  clear(): void;
  toData(): { points: PadPoint[] }[];
  fromData(strokes: readonly { points: PadPoint[] }[]): void;
}

declare const htmx: { process(element: Element): void; trigger(element: Element, event: string): void };
