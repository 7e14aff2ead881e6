import { Button } from "#emails/components/button.tsx";
import { Code } from "#emails/components/code.tsx";
import { Paragraph } from "#emails/components/layout.tsx";

export type NotMeProps = {
  /** When to use it, as the beginning of a sentence. */
  doubt: string;
  /** When not to. */
  calm: string;
  firm: string;
  accent?: string;
  url: string;
  /** Four digits that a robot does not type. */
  code: string;
  expiresInDays: number;
};

/** The way out of somebody else's doing (B10, DEC9). */
export function NotMe({ doubt, calm, firm, accent, url, code, expiresInDays }: NotMeProps) {
  return (
    <>
      <Paragraph>
        {doubt}, open the link and type the code. That freezes your account at once: everybody is signed out,
        and nobody gets in until {firm} has spoken with you.
      </Paragraph>
      <Code>{code}</Code>
      <Button href={url} accent={accent}>
        This Wasn’t Me
      </Button>
      <Paragraph quiet>
        The link and the code work for {expiresInDays} days. {calm}, leave them alone.
      </Paragraph>
    </>
  );
}
