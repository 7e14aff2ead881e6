CREATE TABLE "break_glass" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"member_id" uuid NOT NULL,
	"proposed_by" uuid NOT NULL,
	"armed_by" uuid,
	"armed_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "break_glass_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "break_glass_two_people" CHECK ("break_glass"."armed_by" is distinct from "break_glass"."proposed_by")
);
--> statement-breakpoint
ALTER TABLE "break_glass" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "certificate_warnings" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"connection_id" uuid NOT NULL,
	"fingerprint" text NOT NULL,
	"days_before" integer NOT NULL,
	CONSTRAINT "certificate_warnings_pkey" PRIMARY KEY("tenant_id","connection_id","fingerprint","days_before")
);
--> statement-breakpoint
ALTER TABLE "certificate_warnings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "connection_configurations" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" uuid NOT NULL,
	"role" text DEFAULT 'draft' NOT NULL,
	"serving_since" timestamp with time zone,
	"serves_until" timestamp with time zone,
	"settings" jsonb NOT NULL,
	"sealed_secret" text,
	"key_id" text,
	"created_by" uuid,
	"tested_at" timestamp with time zone,
	"successes" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"failed_because" text,
	CONSTRAINT "connection_configurations_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "connection_configurations_role_known" CHECK ("connection_configurations"."role" in ('draft', 'serving', 'former', 'past'))
);
--> statement-breakpoint
ALTER TABLE "connection_configurations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "connection_domains" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" uuid NOT NULL,
	"domain" text NOT NULL,
	"challenge" text NOT NULL,
	"proven_at" timestamp with time zone,
	"checked_at" timestamp with time zone,
	"missing_since" timestamp with time zone,
	CONSTRAINT "connection_domains_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "connection_domains_domain_key" UNIQUE("tenant_id","domain")
);
--> statement-breakpoint
ALTER TABLE "connection_domains" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "connection_group_rules" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"group_value" text NOT NULL,
	"security_group_id" uuid NOT NULL,
	"allows_administrator" boolean DEFAULT false NOT NULL,
	CONSTRAINT "connection_group_rules_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "connection_group_rules_position_key" UNIQUE("tenant_id","connection_id","position"),
	CONSTRAINT "connection_group_rules_value_key" UNIQUE("tenant_id","connection_id","group_value")
);
--> statement-breakpoint
ALTER TABLE "connection_group_rules" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "connections" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"state" text DEFAULT 'draft' NOT NULL,
	"provider" text DEFAULT 'any' NOT NULL,
	"first_sign_in" text DEFAULT 'link' NOT NULL,
	"trusts_domains" boolean DEFAULT false NOT NULL,
	"default_group_id" uuid,
	"allows_unsolicited" boolean DEFAULT false NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "connections_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "connections_kind_known" CHECK ("connections"."kind" in ('oidc', 'saml'))
);
--> statement-breakpoint
ALTER TABLE "connections" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "link_requests" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"connection_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"claims" jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"consumed_at" timestamp with time zone,
	CONSTRAINT "link_requests_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "link_requests_token_key" UNIQUE("tenant_id","token_hash")
);
--> statement-breakpoint
ALTER TABLE "link_requests" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "provider_sessions" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"session_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"configuration_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"provider_session" text,
	"name_id" jsonb,
	CONSTRAINT "provider_sessions_pkey" PRIMARY KEY("tenant_id","session_id")
);
--> statement-breakpoint
ALTER TABLE "provider_sessions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "setup_links" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" uuid NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"to_address" text NOT NULL,
	"created_by" uuid,
	"opened_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "setup_links_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "setup_links_token_key" UNIQUE("tenant_id","token_hash")
);
--> statement-breakpoint
ALTER TABLE "setup_links" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "spent_messages" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"connection_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"message_hash" "bytea" NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "spent_messages_pkey" PRIMARY KEY("tenant_id","connection_id","kind","message_hash")
);
--> statement-breakpoint
ALTER TABLE "spent_messages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sso_enforcements" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"scope" text NOT NULL,
	"enforced_from" timestamp with time zone NOT NULL,
	"decided_by" uuid,
	CONSTRAINT "sso_enforcements_pkey" PRIMARY KEY("tenant_id")
);
--> statement-breakpoint
ALTER TABLE "sso_enforcements" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sso_flows" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"connection_id" uuid NOT NULL,
	"configuration_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"member_id" uuid,
	"next" text NOT NULL,
	"request_id" text,
	"expires_at" timestamp with time zone NOT NULL,
	"consumed_at" timestamp with time zone,
	"result" jsonb,
	CONSTRAINT "sso_flows_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "sso_flows_token_key" UNIQUE("tenant_id","token_hash")
);
--> statement-breakpoint
ALTER TABLE "sso_flows" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "scim_group_members" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"group_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	CONSTRAINT "scim_group_members_pkey" PRIMARY KEY("tenant_id","group_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "scim_group_members" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "scim_groups" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" uuid NOT NULL,
	"display_name" text NOT NULL,
	"display_name_key" text NOT NULL,
	"external_id" text,
	"version" integer DEFAULT 1 NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "scim_groups_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "scim_groups_display_name_key" UNIQUE("tenant_id","connection_id","display_name_key")
);
--> statement-breakpoint
ALTER TABLE "scim_groups" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "scim_requests" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" uuid NOT NULL,
	"operation" text NOT NULL,
	"status" integer NOT NULL,
	"detail" text,
	CONSTRAINT "scim_requests_pkey" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "scim_requests" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "scim_tokens" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" uuid NOT NULL,
	"name" text NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"shown_prefix" text NOT NULL,
	"created_by" uuid,
	"expires_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "scim_tokens_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "scim_tokens_token_key" UNIQUE("tenant_id","token_hash")
);
--> statement-breakpoint
ALTER TABLE "scim_tokens" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "scim_users" (
	"tenant_id" uuid DEFAULT current_tenant_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT portal_now() NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"user_name" text NOT NULL,
	"user_name_key" text NOT NULL,
	"external_id" text,
	"attributes" jsonb NOT NULL,
	"active" text DEFAULT 'yes' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "scim_users_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "scim_users_user_name_key" UNIQUE("tenant_id","connection_id","user_name_key"),
	CONSTRAINT "scim_users_member_key" UNIQUE("tenant_id","member_id")
);
--> statement-breakpoint
ALTER TABLE "scim_users" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "break_glass" ADD CONSTRAINT "break_glass_member_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate_warnings" ADD CONSTRAINT "certificate_warnings_connection_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_configurations" ADD CONSTRAINT "connection_configurations_connection_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_domains" ADD CONSTRAINT "connection_domains_connection_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_group_rules" ADD CONSTRAINT "connection_group_rules_connection_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_group_rules" ADD CONSTRAINT "connection_group_rules_group_fk" FOREIGN KEY ("tenant_id","security_group_id") REFERENCES "public"."security_groups"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_default_group_fk" FOREIGN KEY ("tenant_id","default_group_id") REFERENCES "public"."security_groups"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link_requests" ADD CONSTRAINT "link_requests_connection_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_sessions" ADD CONSTRAINT "provider_sessions_session_fk" FOREIGN KEY ("tenant_id","session_id") REFERENCES "public"."sessions"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_sessions" ADD CONSTRAINT "provider_sessions_connection_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "setup_links" ADD CONSTRAINT "setup_links_connection_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spent_messages" ADD CONSTRAINT "spent_messages_connection_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_enforcements" ADD CONSTRAINT "sso_enforcements_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_flows" ADD CONSTRAINT "sso_flows_connection_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sso_flows" ADD CONSTRAINT "sso_flows_configuration_fk" FOREIGN KEY ("tenant_id","configuration_id") REFERENCES "public"."connection_configurations"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_group_members" ADD CONSTRAINT "scim_group_members_group_fk" FOREIGN KEY ("tenant_id","group_id") REFERENCES "public"."scim_groups"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_group_members" ADD CONSTRAINT "scim_group_members_user_fk" FOREIGN KEY ("tenant_id","user_id") REFERENCES "public"."scim_users"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_groups" ADD CONSTRAINT "scim_groups_connection_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_requests" ADD CONSTRAINT "scim_requests_connection_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_tokens" ADD CONSTRAINT "scim_tokens_connection_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_users" ADD CONSTRAINT "scim_users_connection_fk" FOREIGN KEY ("tenant_id","connection_id") REFERENCES "public"."connections"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_users" ADD CONSTRAINT "scim_users_member_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "public"."members"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "break_glass_member_key" ON "break_glass" USING btree ("tenant_id","member_id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "connection_configurations_by_connection" ON "connection_configurations" USING btree ("tenant_id","connection_id");--> statement-breakpoint
CREATE UNIQUE INDEX "connection_configurations_role_key" ON "connection_configurations" USING btree ("tenant_id","connection_id","role") WHERE role <> 'past';--> statement-breakpoint
CREATE INDEX "connection_configurations_by_key" ON "connection_configurations" USING btree ("key_id") WHERE key_id is not null;--> statement-breakpoint
CREATE INDEX "connection_domains_by_check" ON "connection_domains" USING btree ("checked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "connections_name_key" ON "connections" USING btree ("tenant_id",lower("name")) WHERE state <> 'retired';--> statement-breakpoint
CREATE INDEX "link_requests_by_expiry" ON "link_requests" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "provider_sessions_by_subject" ON "provider_sessions" USING btree ("tenant_id","connection_id","subject");--> statement-breakpoint
CREATE INDEX "provider_sessions_by_provider_session" ON "provider_sessions" USING btree ("tenant_id","connection_id","provider_session");--> statement-breakpoint
CREATE UNIQUE INDEX "setup_links_active_key" ON "setup_links" USING btree ("tenant_id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "spent_messages_by_expiry" ON "spent_messages" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sso_flows_by_expiry" ON "sso_flows" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "scim_group_members_by_user" ON "scim_group_members" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "scim_requests_by_time" ON "scim_requests" USING btree ("tenant_id","connection_id","created_at");--> statement-breakpoint
CREATE INDEX "scim_requests_by_age" ON "scim_requests" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "scim_tokens_by_connection" ON "scim_tokens" USING btree ("tenant_id","connection_id");--> statement-breakpoint
CREATE INDEX "scim_users_by_external_id" ON "scim_users" USING btree ("tenant_id","connection_id","external_id");--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "break_glass" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "certificate_warnings" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "connection_configurations" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "connection_domains" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "connection_group_rules" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "connections" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "link_requests" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "provider_sessions" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "setup_links" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "spent_messages" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "sso_enforcements" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "sso_flows" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "scim_group_members" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "scim_groups" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "scim_requests" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "scim_tokens" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());--> statement-breakpoint
CREATE POLICY "tenant_isolation" ON "scim_users" AS PERMISSIVE FOR ALL TO public USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id());