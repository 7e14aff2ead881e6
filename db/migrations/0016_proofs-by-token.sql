ALTER TABLE "retired_session_tokens" ADD COLUMN "superseded" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "proven_in" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "token_seen" boolean DEFAULT true NOT NULL;