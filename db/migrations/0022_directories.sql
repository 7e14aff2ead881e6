ALTER TABLE "scim_users" DROP CONSTRAINT "scim_users_user_name_key";--> statement-breakpoint
ALTER TABLE "audit_events" DROP CONSTRAINT "audit_events_actor_known";--> statement-breakpoint
ALTER TABLE "scim_users" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "scim_users_user_name_key" ON "scim_users" USING btree ("tenant_id","connection_id","user_name_key") WHERE deleted_at is null;--> statement-breakpoint
-- In two steps: the rows of a long log are looked through while others go on writing to it.
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_actor_known" CHECK ("audit_events"."actor_kind" in ('member', 'visitor', 'system', 'operator', 'directory')) NOT VALID;--> statement-breakpoint
ALTER TABLE "audit_events" VALIDATE CONSTRAINT "audit_events_actor_known";
