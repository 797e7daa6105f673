// A script, with scripts of the browser and without: what is required is noted, and the conversation is closed by it.
import { hire, logIn, noteCall } from "./desk.ts";
import { expect, hydrated, test } from "./fixtures.ts";

test.use({ allowed: /status of 422/ });

test("a script is followed to its end and closes the conversation", async ({ page, scripts }) => {
  test.setTimeout(60_000);
  await logIn(page, hire("Eva", "agent"), scripts);
  await noteCall(page, "Paz Soler", "It arrived broken", scripts);
  const script = page.getByRole("region", { name: "Script" });
  const ready = async () => { if (scripts) await hydrated(page); };
  await script.getByRole("combobox").selectOption("Something arrived broken");
  await script.getByRole("button", { name: "Begin" }).click();
  await expect(script.getByText(/Siento mucho|I am so sorry/)).toBeVisible();
  await ready();
  await script.getByLabel("Piece").fill("Tide bowl");
  await script.getByRole("button", { name: "Has told it" }).click();
  await expect(script.getByText("Note this first: What is wrong.")).toBeVisible();
  await ready();
  await expect(script.getByLabel("Piece")).toHaveValue("Tide bowl");
  await script.getByLabel("What is wrong").fill("A chip");
  await script.getByRole("button", { name: "Has told it" }).click();
  await ready();
  await script.getByRole("button", { name: "Cannot take any" }).click();
  await ready();
  await script.getByRole("button", { name: "The money" }).click();
  await ready();
  await script.getByLabel("Amount given back").fill("24.00");
  await script.getByRole("button", { name: "Close the conversation" }).click();
  await expect(page.getByText("Eva closed it")).toBeVisible();
  await expect(script.getByText("Tide bowl")).toBeVisible();
});
