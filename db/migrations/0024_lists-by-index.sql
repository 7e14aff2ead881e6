DROP INDEX "members_by_kind_and_name";--> statement-breakpoint
DROP INDEX "members_by_group";--> statement-breakpoint
DROP INDEX "members_by_kind_and_last_sign_in";--> statement-breakpoint
DROP INDEX "audit_events_by_target";--> statement-breakpoint
CREATE INDEX "audit_events_refused" ON "audit_events" USING btree ("tenant_id","created_at","id") WHERE event like '%.refused';--> statement-breakpoint
CREATE INDEX "audit_events_by_source" ON "audit_events" USING btree ("tenant_id","source","created_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_by_request" ON "audit_events" USING btree ("tenant_id","request_id");--> statement-breakpoint
CREATE INDEX "clients_there_by_name" ON "clients" USING btree ("tenant_id","name","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "clients_there_by_creation" ON "clients" USING btree ("tenant_id","created_at","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "clients_deleted_by_name" ON "clients" USING btree ("tenant_id","name","id") WHERE deleted_at is not null;--> statement-breakpoint
CREATE INDEX "members_there_by_name" ON "members" USING btree ("tenant_id","kind","name","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "members_disabled_by_name" ON "members" USING btree ("tenant_id","kind","name","id") WHERE status = 'disabled';--> statement-breakpoint
CREATE INDEX "members_by_group_and_name" ON "members" USING btree ("tenant_id","security_group_id","name","deleted_at");--> statement-breakpoint
CREATE INDEX "members_by_last_sign_in" ON "members" USING btree ("tenant_id","kind",coalesce(last_sign_in_at, '-infinity'::timestamptz),"id");--> statement-breakpoint
CREATE INDEX "one_time_secrets_by_member" ON "one_time_secrets" USING btree ("tenant_id","member_id","purpose","created_at");--> statement-breakpoint
CREATE INDEX "audit_events_by_target" ON "audit_events" USING btree ("tenant_id","target_id","created_at","id");