import "./globals.css";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { AccentStyle } from "#components/layout/accent.tsx";
import { requestStamp } from "#lib/web/request.ts";
import { readTheme } from "#lib/web/theme.ts";

export async function generateMetadata(): Promise<Metadata> {
  const name = (await requestStamp()).tenant?.name ?? "Portal";
  return { title: { default: name, template: `%s · ${name}` }, robots: { index: false } };
}

export const viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const { nonce, tenant } = await requestStamp();
  return (
    <html lang="en" dir="ltr" data-theme={await readTheme()}>
      <head>
        <AccentStyle nonce={nonce} accent={tenant?.accent} />
      </head>
      <body>{children}</body>
    </html>
  );
}
