CREATE TABLE "credential_batch_rows" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"batch_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"reason" text,
	"email_id" uuid,
	CONSTRAINT "credential_batch_rows_pkey" PRIMARY KEY("tenant_id","batch_id","member_id"),
	CONSTRAINT "credential_batch_rows_position_key" UNIQUE("tenant_id","batch_id","position"),
	CONSTRAINT "credential_batch_rows_status_known" CHECK ("credential_batch_rows"."status" in ('waiting', 'mailed', 'skipped'))
);
--> statement-breakpoint
ALTER TABLE "credential_batch_rows" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "credential_batches" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"status" text DEFAULT 'preview' NOT NULL,
	"created_by" uuid NOT NULL,
	"confirmed_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "credential_batches_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "credential_batches_status_known" CHECK ("credential_batches"."status" in ('preview', 'sending', 'done', 'cancelled'))
);
--> statement-breakpoint
ALTER TABLE "credential_batches" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "known_devices" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"member_id" uuid NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"user_agent" text NOT NULL,
	"last_used_at" timestamp with time zone NOT NULL,
	CONSTRAINT "known_devices_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "known_devices_token_key" UNIQUE("tenant_id","member_id","token_hash")
);
--> statement-breakpoint
ALTER TABLE "known_devices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "password_history" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"member_id" uuid NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "password_history_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "password_history" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sign_in_failures" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"member_id" uuid NOT NULL,
	"place" text NOT NULL,
	"failures" integer NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sign_in_failures_pkey" PRIMARY KEY("tenant_id","member_id","place")
);
--> statement-breakpoint
ALTER TABLE "sign_in_failures" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "recovery_requests" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"origin" text NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"typed_name" text NOT NULL,
	"member_id" uuid,
	"reachable_at" text,
	"source" text NOT NULL,
	"new_email" text,
	"new_email_key" text,
	"old_email_key" text,
	"proposed_by" uuid,
	"decided_by" uuid,
	"held_until" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"closed_reason" text,
	CONSTRAINT "recovery_requests_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "recovery_requests_status_known" CHECK ("recovery_requests"."status" in ('open', 'proposed', 'held', 'done', 'refused', 'cancelled')),
	CONSTRAINT "recovery_requests_two_people" CHECK ("recovery_requests"."decided_by" is null or "recovery_requests"."decided_by" <> "recovery_requests"."proposed_by")
);
--> statement-breakpoint
ALTER TABLE "recovery_requests" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "security_options" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"version" integer NOT NULL,
	"options" jsonb NOT NULL,
	"expiry_since" timestamp with time zone,
	"changed_by" uuid,
	"restored_version" integer,
	"note" text,
	CONSTRAINT "security_options_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "security_options_version_key" UNIQUE("tenant_id","version")
);
--> statement-breakpoint
ALTER TABLE "security_options" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "password_credentials" ALTER COLUMN "changed_at" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "frozen_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "password_credentials" ADD COLUMN "temporary_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "password_credentials" ADD COLUMN "accepted_under" jsonb;--> statement-breakpoint
ALTER TABLE "password_credentials" ADD COLUMN "warned_days" smallint;--> statement-breakpoint
ALTER TABLE "one_time_secrets" ADD COLUMN "subject_id" uuid;--> statement-breakpoint
ALTER TABLE "outbox_emails" ADD COLUMN "bulk" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox_emails" ADD COLUMN "not_before" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "outbox_emails" ADD COLUMN "subject_id" uuid;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "change_reason" text;--> statement-breakpoint
ALTER TABLE "credential_batch_rows" ADD CONSTRAINT "credential_batch_rows_batch_fk" FOREIGN KEY ("tenant_id","batch_id") REFERENCES "public"."credential_batches"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credential_batch_rows" ADD CONSTRAINT "credential_batch_rows_member_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credential_batches" ADD CONSTRAINT "credential_batches_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "known_devices" ADD CONSTRAINT "known_devices_member_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "password_history" ADD CONSTRAINT "password_history_member_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_failures" ADD CONSTRAINT "sign_in_failures_member_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_requests" ADD CONSTRAINT "recovery_requests_member_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_requests" ADD CONSTRAINT "recovery_requests_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "security_options" ADD CONSTRAINT "security_options_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "credential_batch_rows_waiting" ON "credential_batch_rows" USING btree ("tenant_id","batch_id","position") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "credential_batches_by_age" ON "credential_batches" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "known_devices_by_use" ON "known_devices" USING btree ("last_used_at");--> statement-breakpoint
CREATE INDEX "password_history_by_member" ON "password_history" USING btree ("tenant_id","member_id","created_at");--> statement-breakpoint
CREATE INDEX "recovery_requests_by_status" ON "recovery_requests" USING btree ("tenant_id","status","created_at");--> statement-breakpoint
CREATE INDEX "recovery_requests_held" ON "recovery_requests" USING btree ("held_until") WHERE status = 'held';--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "credential_batch_rows" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "credential_batches" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "known_devices" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "password_history" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "sign_in_failures" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "recovery_requests" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "security_options" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());