import type { ReactNode } from "react";
import { Body, Column, Container, Head, Heading, Html, Preview, Row, Section, Text } from "react-email";
import { fonts, palette } from "#emails/components/palette.ts";
import { inertName } from "#emails/components/plain-line.ts";

/** What every mail may be given besides its own facts. */
export type MailProps = {
  firmName: string;
  /** The firm's colour as #rrggbb. */
  accent?: string;
  lang?: string;
  dir?: "ltr" | "rtl";
};

type LayoutProps = MailProps & {
  title: string;
  /** What an inbox shows beside the subject. */
  preview: string;
  footer?: ReactNode;
  children: ReactNode;
};

export function Layout({
  firmName,
  lang = "en",
  dir = "ltr",
  title,
  preview,
  footer,
  children,
}: LayoutProps) {
  return (
    <Html lang={lang} dir={dir}>
      <Head>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{title}</title>
        <style>{darkStyles}</style>
      </Head>
      {/* Body writes its own language and direction, so it must be told as well. */}
      <Body lang={lang} dir={dir} className="page" style={styles.page}>
        <Preview>{preview}</Preview>
        <Container style={styles.container}>
          <Text className="ink" style={styles.firm}>
            {inertName(firmName)}
          </Text>
          <Section className="card" style={styles.card}>
            {/* Outlook keeps the padding of a cell and drops that of a table. */}
            <Row>
              <Column className="cell" style={styles.cell}>
                <Heading as="h1" className="ink" style={styles.title}>
                  {title}
                </Heading>
                {children}
              </Column>
            </Row>
          </Section>
          {footer && (
            <Text className="muted" style={styles.footer}>
              {footer}
            </Text>
          )}
        </Container>
      </Body>
    </Html>
  );
}

/** A paragraph of a mail. */
export function Paragraph({ children, quiet }: { children: ReactNode; quiet?: boolean }) {
  return (
    <Text className={quiet ? "muted" : "ink"} style={quiet ? styles.quiet : styles.paragraph}>
      {children}
    </Text>
  );
}

const styles = {
  page: { backgroundColor: palette.page, fontFamily: fonts.text, margin: 0, padding: "32px 12px" },
  container: { maxWidth: "520px", margin: "0 auto" },
  firm: { color: palette.ink, fontSize: "16px", fontWeight: 600, lineHeight: "24px", margin: "0 4px 16px" },
  card: {
    backgroundColor: palette.card,
    border: `1px solid ${palette.line}`,
    borderCollapse: "separate",
    borderRadius: "14px",
  },
  cell: { padding: "32px 32px 20px" },
  title: { color: palette.ink, fontSize: "22px", fontWeight: 600, lineHeight: "30px", margin: "0 0 12px" },
  paragraph: { color: palette.ink, fontSize: "16px", lineHeight: "25px", margin: "0 0 16px" },
  quiet: { color: palette.muted, fontSize: "14px", lineHeight: "22px", margin: "0 0 12px" },
  footer: { color: palette.muted, fontSize: "13px", lineHeight: "20px", margin: "16px 4px 0" },
} as const;

const darkRules = [
  [".page", "background-color:#131417 !important"],
  [".page>table>tbody>tr>td", "background-color:#131417 !important"],
  [".card", "background-color:#1b1c20 !important;border-color:#303239 !important"],
  [".well", "background-color:#26282e !important"],
  [".ink", "color:#ecebe7 !important"],
  [".muted", "color:#a6a9b1 !important"],
  [".link", "color:#8fb0ff !important"],
] as const;

/** Apple Mail and most others ask the media query; Outlook's apps mark the elements they darken. */
const darkStyles = [
  ":root{color-scheme:light dark;supported-color-schemes:light dark}",
  `@media (prefers-color-scheme:dark){${darkRules.map(([name, rule]) => `${name}{${rule}}`).join("")}}`,
  ...darkRules.map(([name, rule]) => `[data-ogsc] ${name}{${rule}}`),
  "@media (max-width:480px){.cell{padding:24px 20px 12px !important}.text{font-size:17px !important;letter-spacing:0 !important}}",
].join("\n");
