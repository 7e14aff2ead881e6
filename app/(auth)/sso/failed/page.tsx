import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { visitorContext } from "#lib/web/context.ts";
import { supportLine } from "../../support-line.tsx";

export const metadata = { title: "Not signed in" };

/** Why a sign-in at an identity provider has come to nothing, as far as the person can do something about it. */
export default async function SsoFailedPage({ searchParams }: PageProps<"/sso/failed">) {
  const ctx = await visitorContext();
  const { why } = await searchParams;
  const { title, text } = noticeOf(why);
  return (
    <SignedOutLayout firmName={ctx.tenant.name} bare footer={await supportLine(ctx)}>
      <DialogCard
        title={title}
        tone="warning"
        actions={
          <FormButton action="/sign-in" tone="primary">
            Back to sign in
          </FormButton>
        }
      >
        <p>{text}</p>
      </DialogCard>
    </SignedOutLayout>
  );
}

type Notice = { title: string; text: string };

const UNVERIFIED: Notice = {
  title: "You are not signed in",
  text: "What your company’s single sign-on sent could not be accepted. Try once more. If it happens again, tell your firm: its audit log says why.",
};

const NOTICES: Record<string, Notice> = {
  over: {
    title: "This sign-in is over",
    text: "A sign-in has to be finished within 10 minutes, in the browser in which it began, and once. Please begin again.",
  },
  not_admitted: {
    title: "You have no access here",
    text: "Your company’s single sign-on knows you, but this firm does not let you in by it. Ask the firm to give you access.",
  },
  locked: {
    title: "Your second factor is locked",
    text: "There were too many wrong codes. An administrator of the firm can unlock your account.",
  },
  cancelled: {
    title: "You are not signed in",
    text: "The sign-in was cancelled at your company’s single sign-on. Nothing has been changed.",
  },
  away: {
    title: "Your single sign-on does not answer",
    text: "The firm’s identity provider cannot be reached at the moment. Please try again in a few minutes.",
  },
  busy: {
    title: "Please wait a moment",
    text: "There were many sign-ins from your network. Try again in a minute.",
  },
  not_offered: {
    title: "This way in is not open",
    text: "The firm does not sign people in this way at present. Begin at the sign-in page.",
  },
};

function noticeOf(why: string | string[] | undefined): Notice {
  return typeof why === "string" && Object.hasOwn(NOTICES, why) ? (NOTICES[why] ?? UNVERIFIED) : UNVERIFIED;
}
