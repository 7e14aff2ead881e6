ALTER TABLE "members" ADD COLUMN "invited" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "members_invited_by_name" ON "members" USING btree ("tenant_id","kind","name","id") WHERE invited and deleted_at is null;--> statement-breakpoint
-- Whoever promises an invitation or makes its link cannot forget it.
CREATE FUNCTION mark_invited() RETURNS trigger
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  UPDATE members m SET invited = true WHERE m.tenant_id = NEW.tenant_id AND m.id = NEW.member_id AND NOT m.invited;
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- When the last of them is cleared away. Who is being changed keeps the mark: it is no promise, and nobody waits for it.
CREATE FUNCTION unmark_invited() RETURNS trigger
  LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  UPDATE members m SET invited = false
   WHERE m.tenant_id = OLD.tenant_id AND m.id = (
         SELECT w.id FROM members w
          WHERE w.tenant_id = OLD.tenant_id AND w.id = OLD.member_id AND w.invited
            AND NOT EXISTS (SELECT FROM one_time_secrets s WHERE s.tenant_id = w.tenant_id AND s.member_id = w.id
                               AND s.purpose = 'invitation')
            AND NOT EXISTS (SELECT FROM outbox_emails e WHERE e.tenant_id = w.tenant_id AND e.member_id = w.id
                               AND e.template = 'invitation')
            FOR NO KEY UPDATE SKIP LOCKED);
  RETURN NULL;
END
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION mark_invited(), unmark_invited() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER outbox_emails_mark_invited AFTER INSERT ON outbox_emails
  FOR EACH ROW WHEN (NEW.template = 'invitation' AND NEW.member_id IS NOT NULL) EXECUTE FUNCTION mark_invited();
--> statement-breakpoint
CREATE TRIGGER one_time_secrets_mark_invited AFTER INSERT ON one_time_secrets
  FOR EACH ROW WHEN (NEW.purpose = 'invitation') EXECUTE FUNCTION mark_invited();
--> statement-breakpoint
CREATE TRIGGER outbox_emails_unmark_invited AFTER DELETE ON outbox_emails
  FOR EACH ROW WHEN (OLD.template = 'invitation' AND OLD.member_id IS NOT NULL) EXECUTE FUNCTION unmark_invited();
--> statement-breakpoint
CREATE TRIGGER one_time_secrets_unmark_invited AFTER DELETE ON one_time_secrets
  FOR EACH ROW WHEN (OLD.purpose = 'invitation') EXECUTE FUNCTION unmark_invited();
--> statement-breakpoint
UPDATE members m SET invited = true
 WHERE EXISTS (SELECT FROM one_time_secrets s
                WHERE s.tenant_id = m.tenant_id AND s.member_id = m.id AND s.purpose = 'invitation')
    OR EXISTS (SELECT FROM outbox_emails e
                WHERE e.tenant_id = m.tenant_id AND e.member_id = m.id AND e.template = 'invitation');
