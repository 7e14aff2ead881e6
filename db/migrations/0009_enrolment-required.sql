ALTER TABLE "members" ADD COLUMN "enrolment_required" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- As before, with what a member's second factor has to be.
DROP TRIGGER members_count_version ON members;
--> statement-breakpoint
CREATE TRIGGER members_count_version BEFORE UPDATE ON members FOR EACH ROW WHEN (
  (NEW.name, NEW.username, NEW.email, NEW.status, NEW.security_group_id, NEW.connection_id, NEW.must_change_password,
   NEW.enrolment_required, NEW.time_zone, NEW.frozen_at, NEW.deleted_at) IS DISTINCT FROM
  (OLD.name, OLD.username, OLD.email, OLD.status, OLD.security_group_id, OLD.connection_id, OLD.must_change_password,
   OLD.enrolment_required, OLD.time_zone, OLD.frozen_at, OLD.deleted_at)
) EXECUTE FUNCTION count_version();
