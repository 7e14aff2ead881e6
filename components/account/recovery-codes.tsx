"use client";

import { use } from "react";
import { Checkbox } from "#components/form/checkbox.tsx";
import { FormContext } from "#components/form/form-context.ts";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { useScripted } from "#components/form/use-scripted.ts";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Notice } from "#components/ui/notice.tsx";

type RecoveryCodesProps = {
  /** What was done before they are shown. */
  done: string;
  /** Whose they are, and where they work. */
  owner: string;
  /** Where to go on to. */
  next: string;
};

/** New recovery codes, in the fact "codes": they are in this answer, and nowhere else (UX25). */
export function RecoveryCodes({ done, owner, next }: RecoveryCodesProps) {
  const { facts } = use(FormContext).state;
  if (facts?.codes === undefined) return null;
  const codes = facts.codes.split(" ");
  const text = [owner, "Each of these recovery codes works once.", "", ...codes, ""].join("\n");
  return (
    <div data-focus className="grid gap-5">
      <Notice tone="success" role="status" title={done}>
        With one of these recovery codes you get in when your app is out of reach. They are shown this once:
        keep them where you keep what is important, and not beside your password.
      </Notice>
      <section className="recovery-codes" aria-label="Recovery codes">
        <p className="text-ink-muted text-sm">{owner}. Each works once.</p>
        <ol>
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ol>
      </section>
      <Exits text={text} />
      <Hidden name="next" value={next} />
      <Checkbox name="saved" label="I have saved them" required />
      <div>
        <Submit name="intent" value="go_on">
          Continue
        </Submit>
      </div>
    </div>
  );
}

/** Ways to take them along. Without scripts they are selected, or the page is printed by the browser. */
function Exits({ text }: { text: string }) {
  const scripted = useScripted();
  if (!scripted) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <CopyButton text={text} size="small" />
      <Button size="small" onClick={() => download(text)}>
        Download
      </Button>
      <Button size="small" onClick={() => window.print()}>
        Print
      </Button>
    </div>
  );
}

function download(text: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = "recovery-codes.txt";
  link.click();
  URL.revokeObjectURL(link.href);
}
