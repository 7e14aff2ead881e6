ALTER TABLE "totp_factors" ADD COLUMN "begun_in" uuid;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "remember_device" boolean DEFAULT false NOT NULL;