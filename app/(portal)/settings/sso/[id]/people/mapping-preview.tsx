import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { groupsIn } from "./groups-in.ts";

type MappingPreviewProps = {
  id: string;
  typed: string;
  preview: { groupName: string | undefined; mapped: boolean } | undefined;
};

/** What the rules make of somebody, before anybody comes. It changes nothing, and its address can be kept. */
export function MappingPreview({ id, typed, preview }: MappingPreviewProps) {
  return (
    <Card title="Try it out" description="Which security group would somebody with these groups get?">
      <div className="grid gap-4">
        <form method="get" action={`/settings/sso/${id}/people`} className="form" aria-label="Try it out">
          <div className="field">
            <label htmlFor="preview-groups" className="field-label">
              Groups at the provider
            </label>
            <div id="preview-groups-hint" className="field-hint">
              One on each line.
            </div>
            <textarea
              id="preview-groups"
              name="groups"
              rows={3}
              defaultValue={typed}
              maxLength={2000}
              autoComplete="off"
              spellCheck={false}
              aria-describedby="preview-groups-hint"
              className="input input-area"
            />
          </div>
          <div>
            <Button type="submit">Show the result</Button>
          </div>
        </form>
        {preview && (
          <Notice role="status" title={resultOf(preview)}>
            {typed.trim() === ""
              ? "For somebody who is in no group."
              : `For somebody in ${groupsIn(typed).join("; ")}.`}
          </Notice>
        )}
      </div>
    </Card>
  );
}

function resultOf({ groupName, mapped }: NonNullable<MappingPreviewProps["preview"]>): string {
  if (groupName) return groupName;
  return mapped ? "Nothing: they would be turned away" : "The group that they have in the portal";
}
