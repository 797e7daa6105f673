// How somebody uses a page: with a pointer, or with the keyboard alone, going from one thing to the next with Tab.
import { expect, type Locator, type Page } from "@playwright/test";

/** So many steps lead round any page. */
const MOST_STEPS = 250;

export class Hands {
  constructor(private readonly page: Page, private readonly byKeyboard: boolean) {}

  private async reach(target: Locator): Promise<void> {
    await expect(target).toBeVisible({ timeout: 30_000 });
    for (let step = 0; step < MOST_STEPS; step += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`the keyboard does not reach ${target}`);
  }

  /** A button or a link. */
  async press(target: Locator): Promise<void> {
    if (!this.byKeyboard) return target.click();
    await this.reach(target);
    await this.page.keyboard.press("Enter");
  }

  async write(target: Locator, text: string): Promise<void> {
    if (!this.byKeyboard) return target.fill(text);
    await this.reach(target);
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.type(text);
  }

  async choose(target: Locator, label: string): Promise<void> {
    if (!this.byKeyboard) {
      await target.selectOption(label);
      return;
    }
    await this.reach(target);
    await this.page.keyboard.type(label);
    await expect(target.locator("option:checked")).toHaveText(label);
  }

  /** A day as 2026-11-28, typed in whichever order the browser shows its parts. */
  async date(target: Locator, day: string): Promise<void> {
    if (!this.byKeyboard) return target.fill(day);
    await this.reach(target);
    const [year, month, ofMonth] = day.split("-");
    for (const typed of [`${month}${ofMonth}${year}`, `${ofMonth}${month}${year}`]) {
      await this.page.keyboard.press("ArrowLeft");
      await this.page.keyboard.press("ArrowLeft");
      await this.page.keyboard.type(typed);
      if ((await target.inputValue()) === day) return;
    }
    await expect(target).toHaveValue(day);
  }
}
