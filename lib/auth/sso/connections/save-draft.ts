import { command } from "#lib/core/command.ts";
import { SaveDraftInput } from "./input.ts";
import { makeDraft } from "./make-draft.ts";
import { storeDraft } from "./store-draft.ts";

/**
 * Saves what a connection shall go by, beside what serves: it signs nobody in before it has been tested and put into service
 * (G4). The secret is written and never read: empty keeps the present one.
 * @throws DomainError not_found, invalid, conflict
 */
export const saveDraft = command({
  event: "connection.draft_saved",
  permission: "sso:manage",
  stepUp: "sso:change",
  input: SaveDraftInput,
  prepare: makeDraft,
  run: ({ db, ctx, prepared }, { connectionId }) => storeDraft(db, ctx, connectionId, prepared),
  audit: ({ connectionId, configurationId, changed }) =>
    changed
      ? [
          {
            event: "connection.draft_saved",
            targetId: connectionId,
            detail: { configuration: configurationId },
          },
        ]
      : [],
});
