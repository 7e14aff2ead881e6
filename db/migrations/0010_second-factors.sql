CREATE TABLE "factor_resets" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"member_id" uuid NOT NULL,
	"status" text NOT NULL,
	"source" text NOT NULL,
	"held_until" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"ended_reason" text,
	CONSTRAINT "factor_resets_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "factor_resets_held_has_end" CHECK ("factor_resets"."status" <> 'held' or "factor_resets"."held_until" is not null)
);
--> statement-breakpoint
ALTER TABLE "factor_resets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "passkeys" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"member_id" uuid NOT NULL,
	"credential_id" text NOT NULL,
	"public_key" "bytea" NOT NULL,
	"user_handle" text NOT NULL,
	"counter" bigint NOT NULL,
	"transports" text[] DEFAULT '{}' NOT NULL,
	"aaguid" text NOT NULL,
	"backup_eligible" boolean NOT NULL,
	"backed_up" boolean NOT NULL,
	"name" text NOT NULL,
	"last_used_at" timestamp with time zone,
	"suspected_at" timestamp with time zone,
	CONSTRAINT "passkeys_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "passkeys_credential_key" UNIQUE("tenant_id","credential_id")
);
--> statement-breakpoint
ALTER TABLE "passkeys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"member_id" uuid NOT NULL,
	"sealed_hash" text NOT NULL,
	"key_id" text NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "recovery_codes_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "recovery_codes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "spent_challenges" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"challenge_hash" "bytea" NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "spent_challenges_pkey" PRIMARY KEY("tenant_id","challenge_hash")
);
--> statement-breakpoint
ALTER TABLE "spent_challenges" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "totp_factors" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"member_id" uuid NOT NULL,
	"sealed_secret" text NOT NULL,
	"key_id" text NOT NULL,
	"confirmed_at" timestamp with time zone,
	"last_step" bigint,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "totp_factors_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "totp_factors" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "retired_session_tokens" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"session_id" uuid NOT NULL,
	"retired_at" timestamp with time zone NOT NULL,
	CONSTRAINT "retired_session_tokens_pkey" PRIMARY KEY("tenant_id","token_hash")
);
--> statement-breakpoint
ALTER TABLE "retired_session_tokens" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "security_groups" ADD COLUMN "second_factor_from" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "known_devices" ADD COLUMN "trusted_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "idle_minutes" integer;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "passkey_declined_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "proofs" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "proven_at" timestamp with time zone DEFAULT portal_now() NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "factor_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "signals" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "device_id" uuid;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "rotated_at" timestamp with time zone DEFAULT portal_now() NOT NULL;--> statement-breakpoint
ALTER TABLE "factor_resets" ADD CONSTRAINT "factor_resets_member_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_member_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_member_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spent_challenges" ADD CONSTRAINT "spent_challenges_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "totp_factors" ADD CONSTRAINT "totp_factors_member_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retired_session_tokens" ADD CONSTRAINT "retired_session_tokens_session_fk" FOREIGN KEY ("tenant_id","session_id") REFERENCES "public"."sessions"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "factor_resets_open_key" ON "factor_resets" USING btree ("tenant_id","member_id") WHERE status in ('asked', 'held');--> statement-breakpoint
CREATE INDEX "factor_resets_by_hold" ON "factor_resets" USING btree ("held_until") WHERE status = 'held';--> statement-breakpoint
CREATE INDEX "passkeys_by_member" ON "passkeys" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "recovery_codes_by_member" ON "recovery_codes" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "recovery_codes_by_key" ON "recovery_codes" USING btree ("key_id");--> statement-breakpoint
CREATE INDEX "spent_challenges_by_expiry" ON "spent_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "totp_factors_confirmed_key" ON "totp_factors" USING btree ("tenant_id","member_id") WHERE confirmed_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "totp_factors_begun_key" ON "totp_factors" USING btree ("tenant_id","member_id") WHERE confirmed_at is null;--> statement-breakpoint
CREATE INDEX "totp_factors_by_key" ON "totp_factors" USING btree ("key_id");--> statement-breakpoint
CREATE INDEX "retired_session_tokens_by_session" ON "retired_session_tokens" USING btree ("tenant_id","session_id");--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "factor_resets" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "passkeys" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "recovery_codes" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "spent_challenges" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "totp_factors" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "retired_session_tokens" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());