import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { ResetPasswordButton } from "#components/clients/reset-password-button.tsx";
import { Navigation } from "#components/layout/navigation.tsx";
import { Shell } from "#components/layout/shell.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { ThemeChoice } from "#components/layout/theme-choice.tsx";
import { initials } from "#components/ui/avatar.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { Table } from "#components/ui/table.tsx";

const sections = [
  { items: [{ href: "/", label: "Home" }] },
  { label: "Clients", items: [{ href: "/clients", label: "All Firm Clients" }] },
];

describe("the navigation", () => {
  const at = (path: string) =>
    renderToStaticMarkup(<Navigation sections={sections} path={path} place={path} />);

  test("marks the page itself, and the section that a page belongs to", () => {
    expect(at("/clients")).toContain('<a href="/clients" aria-current="page"');
    expect(at("/clients/7/contacts")).toContain('<a href="/clients" aria-current="true"');
    expect(at("/clients-of-old")).not.toContain("aria-current");
  });

  test("does not take every page for home", () => {
    expect(at("/clients")).toContain('<a href="/" class');
    expect(at("/")).toContain('<a href="/" aria-current="page"');
  });
});

test.each([
  ["Ann Meyer", "AM"],
  ["José Núñez de la Cruz", "JC"],
  ["ann.meyer@example.com", "AC"],
  ["élan", "É"],
  ["محمد علي", "مع"],
  ["—", ""],
])("the initials of %s are %s", (name, expected) => {
  expect(initials(name)).toBe(expected);
});

test("a dialog of a signed-out page is named by its title and needs no script", () => {
  const html = renderToStaticMarkup(
    <DialogCard title="Success" tone="success" actions={<FormButton action="/sign-in">Got it</FormButton>}>
      Done.
    </DialogCard>,
  );
  const titleId = /aria-labelledby="([^"]+)"/.exec(html)?.[1];
  expect(html).toMatch(/^<dialog open=""/);
  expect(html).toContain(`<h1 id="${titleId}"`);
  expect(html).toContain(
    '<form action="/sign-in" method="get"><button type="submit" class="button">Got it</button>',
  );
});

test("a table keeps its roles, because stacked rows lose them, and its cells name their columns", () => {
  const html = renderToStaticMarkup(
    <Table
      caption="Contacts"
      rows={["Ann"]}
      rowKey={(row) => row}
      columns={[
        { key: "name", header: "Name", cell: (row) => row, rowHeader: true },
        { key: "group", header: "Group", cell: () => "Regular" },
        { key: "actions", header: "Actions", cell: () => "Reset", actions: true, align: "end" },
      ]}
    />,
  );
  expect(html).toContain('<table role="table"');
  expect(html).toContain('<th scope="row" role="rowheader">Ann</th>');
  expect(html).toContain('<td role="cell" data-label="Group">Regular</td>');
  expect(html).toContain('<td role="cell" class="cell-end cell-actions">Reset</td>');
});

test("an empty table says so", () => {
  const html = renderToStaticMarkup(
    <Table caption="Contacts" rows={[]} rowKey={String} columns={[]} empty={<p>No contacts yet</p>} />,
  );
  expect(html).toBe("<p>No contacts yet</p>");
});

test("the chosen theme is a pressed button", () => {
  const html = renderToStaticMarkup(<ThemeChoice action="/theme" current="dark" />);
  expect(html).toContain('<form action="/theme" method="post">');
  expect(html).toMatch(/value="dark" aria-pressed="true"|aria-pressed="true"[^>]*value="dark"/);
});

test("the contact's button starts as Reset Password and carries what the action needs", () => {
  const html = renderToStaticMarkup(
    <ResetPasswordButton action={async (state) => state} fields={{ contactId: "7" }} contactName="Ann" />,
  );
  expect(html).toContain('<input type="hidden" name="contactId" value="7"/>');
  expect(html).toContain(">Reset Password</button>");
  expect(html).toContain('<span role="status" class="visually-hidden"></span>');
});

test("no frame has inline styles, scripts or handlers, which the content policy would refuse", () => {
  const account = { personName: "Sam", firmName: "ACME", signOut: <p>Sign out</p>, theme: "Theme" };
  const pages: ReactNode[] = [
    <Shell key="in" firmName="ACME" navigation={sections} path="/" place="/" account={account}>
      Page
    </Shell>,
    <SignedOutLayout key="out" firmName="ACME" title="Sign in" lead="Lead" footer="Help">
      Form
    </SignedOutLayout>,
  ];
  for (const page of pages) {
    expect(renderToStaticMarkup(page)).not.toMatch(/\sstyle=|<style|<script|\son[a-z]+=/);
  }
});
