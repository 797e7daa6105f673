// A shop of one test's own, without the demonstration: its server is killed and started again on the same database,
// which it keeps itself.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const program = join(root, "target/debug/server");

export class OwnServer {
  readonly origin: string;
  readonly data: string;
  private readonly env: NodeJS.ProcessEnv;
  private process: ChildProcess | undefined;

  constructor(port: number, settings: Record<string, string> = {}) {
    this.origin = `http://127.0.0.1:${port}`;
    this.data = join(root, "target/end2end", `own-${port}`);
    rmSync(this.data, { recursive: true, force: true });
    mkdirSync(this.data, { recursive: true });
    this.env = { ...process.env, LISTEN: `127.0.0.1:${port}`, DATA_FOLDER: this.data, RATE_LIMITS: "off", ...settings };
    delete this.env.DATABASE_URL;
  }

  async start(): Promise<void> {
    this.process = spawn(program, [], { cwd: root, env: this.env, stdio: "ignore" });
    const until = Date.now() + 60_000;
    while (Date.now() < until) {
      const answer = await fetch(`${this.origin}/ready`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error("the server is not ready");
  }

  /** As a machine dies: nothing is said to anybody, and the database goes on. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.end("SIGTERM");
    rmSync(this.data, { recursive: true, force: true });
  }

  private async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    if (!this.process || this.process.exitCode !== null) return;
    const gone = once(this.process, "exit");
    this.process.kill(signal);
    await gone;
    this.process = undefined;
  }

  /** A command of the server beside the running one. */
  command(...words: string[]): string {
    return execFileSync(program, words, { cwd: root, env: this.env, encoding: "utf8", timeout: 60_000 });
  }
}
