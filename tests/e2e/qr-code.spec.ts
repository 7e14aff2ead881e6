import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { keyOn } from "./support/factors.ts";
import { expect, test } from "./support/portal.ts";
import { signIn } from "./support/steps.ts";

const ZBARIMG = process.env.ZBARIMG;

test.describe("by zbarimg", () => {
  test.skip(!ZBARIMG, "zbarimg: a reader of QR codes that nobody here has written");

  for (const colorScheme of ["light", "dark"] as const) {
    test(`the QR code on the screen says firm, person and key to a camera (UX24, ${colorScheme})`, async ({
      page,
      firm,
    }, testInfo) => {
      const { ravi } = firm.people;
      await page.emulateMedia({ colorScheme });
      await signIn(page, firm.url, ravi);
      await page.goto(`${firm.url}/account/second-factor`);
      await page.getByRole("button", { name: "Set up" }).click();
      const picture = testInfo.outputPath("screen.png");
      await page.getByRole("img", { name: /QR code/ }).waitFor();
      writeFileSync(picture, await page.screenshot({ fullPage: true }));
      const read = execFileSync(ZBARIMG ?? "", ["--quiet", "--raw", picture], { encoding: "utf8" });
      const uri = new URL(read.trim());
      expect(uri.protocol).toBe("otpauth:");
      expect(decodeURIComponent(uri.pathname)).toContain(`${firm.name}:${ravi.username}`);
      expect(uri.searchParams.get("secret")).toBe(keyOn(await page.content()));
    });
  }
});
