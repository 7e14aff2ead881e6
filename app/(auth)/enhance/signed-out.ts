import { focusOnAnswer } from "./focus-on-answer.ts";
import { followPassword } from "./follow-password.ts";
import { offerPasskeys } from "./offer-passkeys.ts";
import { sendCompleteCodes } from "./send-complete-codes.ts";
import { sendOnce } from "./send-once.ts";
import { showPasswords } from "./show-passwords.ts";

/*
 * All that a signed-out page runs (PERF7). Each page is whole without it; it adds to the markup that the server has sent
 * what a script alone can do.
 */
sendOnce();
showPasswords();
sendCompleteCodes();
offerPasskeys();
for (const guide of document.querySelectorAll<HTMLElement>("[data-guide]")) followPassword(guide, startJudge);
focusOnAnswer();

function startJudge(): Worker {
  return new Worker(new URL("./password-judge.js", import.meta.url));
}
