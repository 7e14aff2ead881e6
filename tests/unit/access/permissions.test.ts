import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CONTACT_PERMISSIONS,
  effectivePermissions,
  GROUP_PRESETS,
  PERMISSIONS,
} from "#lib/access/permissions.ts";

const all = Object.keys(PERMISSIONS);
const permissionsOf = (preset: string) =>
  GROUP_PRESETS.find((group) => group.preset === preset)?.permissions ?? [];

describe("the groups that a firm begins with (004-04)", () => {
  test("are the vendor's five and the contacts'", () => {
    expect(GROUP_PRESETS.map(({ name }) => name)).toEqual([
      "Administrator",
      "Regular User",
      "Regular User (No Delete)",
      "Read Only User",
      "Orchestration User",
      "Client Contact",
    ]);
  });

  test("give everything to Administrators alone", () => {
    expect([...permissionsOf("administrator")].sort()).toEqual([...all].sort());
    for (const { preset, permissions } of GROUP_PRESETS) {
      if (preset === "administrator") continue;
      for (const permission of permissions) {
        expect(permission).not.toMatch(
          /^(members:(manage|reset|force_change)|groups:|settings:|api_tokens:|audit:)/,
        );
      }
    }
  });

  test("differ between Regular and No Delete by deleting", () => {
    const regular = new Set(permissionsOf("regular"));
    const noDelete = new Set(permissionsOf("regular_no_delete"));
    expect([...regular.difference(noDelete)]).toEqual(["clients:delete"]);
    expect([...noDelete.difference(regular)]).toEqual([]);
  });

  test("let those who only read change nothing and reset nobody", () => {
    for (const preset of ["read_only", "orchestration"]) {
      for (const permission of permissionsOf(preset)) expect(permission).toMatch(/:(read|enter|introspect)$/);
    }
  });
});

describe("the permissions that count", () => {
  test("never exceed a contact's, whatever the group lists", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...all), fc.string())), (listed) => {
        for (const permission of effectivePermissions("contact", listed)) {
          expect(CONTACT_PERMISSIONS).toContain(permission);
          expect(listed).toContain(permission);
        }
      }),
    );
    expect([...effectivePermissions("contact", all)]).toEqual(["workspaces:enter"]);
  });

  test("are those that exist: an unknown name, or one that every object has, gives nothing", () => {
    const listed = ["clients:read", "no:such", "toString", "__proto__", "constructor", "hasOwnProperty"];
    expect([...effectivePermissions("staff", listed)]).toEqual(["clients:read"]);
  });
});
