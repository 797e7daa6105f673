// A tab of Chromium, driven over its debugging pipe. Playwright attaches to pages, and while somebody is attached to a
// page it renders nothing ahead (`PrerenderingDisabledByDevTools`); attached to the tab around the pages, one only watches.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

type Message = { id?: number; method?: string; params?: any; result?: any; error?: { message: string } };
type Waiting = { session?: string; answered: (message: Message) => void };
type Page = { session: string; target: string; ahead: boolean };

export class Tab {
  private readonly waiting = new Map<number, Waiting>();
  private pages: Page[] = [];
  private count = 0;

  private constructor(
    private readonly chromium: ChildProcess,
    private readonly profile: string,
  ) {
    let rest = "";
    (chromium.stdio[4] as Readable).on("data", (data: Buffer) => {
      const messages = (rest + data.toString()).split("\0");
      rest = messages.pop() ?? "";
      messages.forEach((text) => this.hear(JSON.parse(text) as Message));
    });
  }

  static async open(): Promise<Tab> {
    const profile = mkdtempSync(join(tmpdir(), "vitrina-tab-"));
    const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const flags = ["--headless=new", "--disable-gpu", "--no-first-run", "--window-size=1280,900", "--remote-debugging-pipe", `--user-data-dir=${profile}`, ...sandbox];
    const chromium = spawn(process.env.CHROMIUM ?? "/usr/bin/chromium", flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    const tab = new Tab(chromium, profile);
    const { targetId } = await tab.send("Target.createTarget", { url: "about:blank", forTab: true });
    const { sessionId } = await tab.send("Target.attachToTarget", { targetId, flatten: true });
    await tab.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: true }, sessionId);
    return tab;
  }

  async goto(address: string): Promise<void> {
    await this.send("Page.navigate", { url: address }, this.shown());
  }

  /** The value of an expression on the page that is shown. */
  async read<T>(expression: string): Promise<T> {
    return this.evaluate(expression, this.shown());
  }

  /** The same on the page that is rendered ahead; nothing where there is none. */
  async readAhead<T>(expression: string): Promise<T | undefined> {
    const page = this.pages.find((page) => page.ahead);
    return page && this.evaluate(expression, page.session);
  }

  async hover(selector: string): Promise<void> {
    await this.mouse("mouseMoved", await this.middle(selector));
  }

  async click(selector: string): Promise<void> {
    const at = await this.middle(selector);
    for (const type of ["mouseMoved", "mousePressed"]) await this.mouse(type, at);
    // The page may be left by it before it says so.
    await this.mouse("mouseReleased", at).catch(() => {});
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.chromium.once("exit", resolve));
    this.chromium.kill();
    await ended;
    // Its helpers outlive it by a moment and write what they still have.
    await rm(this.profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  private shown(): string {
    const page = this.pages.find((page) => !page.ahead);
    if (!page) throw new Error("the tab shows nothing");
    return page.session;
  }

  private async evaluate<T>(expression: string, session: string): Promise<T> {
    const { result } = await this.send("Runtime.evaluate", { expression, returnByValue: true }, session);
    return result.value as T;
  }

  private middle(selector: string): Promise<{ x: number; y: number }> {
    return this.read(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element.scrollIntoView({ block: "center", behavior: "instant" });
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    })()`);
  }

  private async mouse(type: string, at: { x: number; y: number }): Promise<void> {
    const pressed = type === "mouseMoved" ? {} : { button: "left", clickCount: 1 };
    await this.send("Input.dispatchMouseEvent", { type, ...at, ...pressed }, this.shown());
  }

  private send(method: string, params: object, session?: string): Promise<any> {
    const id = ++this.count;
    (this.chromium.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId: session })}\0`);
    return new Promise((resolve, reject) => {
      const answered = ({ result, error }: Message) => (error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result));
      this.waiting.set(id, { session, answered });
    });
  }

  private answer(id: number, message: Message): void {
    this.waiting.get(id)?.answered(message);
    this.waiting.delete(id);
  }

  private hear({ id, method, params, ...answer }: Message): void {
    if (id) this.answer(id, answer);
    if (method === "Target.attachedToTarget" && params.targetInfo.type === "page") {
      this.pages.push({ session: params.sessionId, target: params.targetInfo.targetId, ahead: params.targetInfo.subtype === "prerender" });
    }
    if (method === "Target.detachedFromTarget") this.left(params.sessionId);
    if (method === "Target.targetInfoChanged") {
      const page = this.pages.find((page) => page.target === params.targetInfo.targetId);
      if (page) page.ahead = params.targetInfo.subtype === "prerender";
    }
  }

  /** Chromium does not answer what a page was asked just before it was left. */
  private left(session: string): void {
    this.pages = this.pages.filter((page) => page.session !== session);
    const open = [...this.waiting].filter(([, waiting]) => waiting.session === session);
    for (const [id] of open) this.answer(id, { error: { message: "the page was left" } });
  }
}
