GRANT SELECT, INSERT, UPDATE, DELETE ON
  connections, connection_configurations, connection_group_rules, connection_domains, sso_flows, provider_sessions,
  link_requests, setup_links, sso_enforcements, break_glass,
  scim_tokens, scim_users, scim_groups, scim_group_members, scim_requests
TO portal_app;
--> statement-breakpoint
-- What has come once, or been told once, is never taken back by the application; the purge below removes what has run out.
GRANT SELECT, INSERT ON spent_messages, certificate_warnings TO portal_app;
--> statement-breakpoint
-- A member is federated by a connection of its own firm. Connections are retired, never deleted.
ALTER TABLE members ADD CONSTRAINT members_connection_fk
  FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id);
--> statement-breakpoint
CREATE INDEX members_by_connection ON members (tenant_id, connection_id) WHERE connection_id IS NOT NULL;
--> statement-breakpoint
CREATE TRIGGER connections_count_version BEFORE UPDATE ON connections FOR EACH ROW EXECUTE FUNCTION count_version();
--> statement-breakpoint
UPDATE security_groups SET permissions = permissions || ARRAY['sso:manage'] WHERE preset = 'administrator';
--> statement-breakpoint
-- As before, and the secrets of connections.
CREATE OR REPLACE FUNCTION list_tenants_sealed_otherwise(p_key_id text) RETURNS TABLE (tenant_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  SELECT t.tenant_id FROM totp_factors t WHERE t.key_id <> p_key_id
  UNION
  SELECT r.tenant_id FROM recovery_codes r WHERE r.key_id <> p_key_id
  UNION
  SELECT c.tenant_id FROM connection_configurations c WHERE c.key_id <> p_key_id;
END;
--> statement-breakpoint
-- Beside purge_expired(): what sign-ins at identity providers leave behind.
CREATE FUNCTION purge_sso_traces(p_batch integer) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_gone bigint := 0;
  v_rows bigint;
BEGIN
  DELETE FROM sso_flows WHERE ctid IN (
    SELECT ctid FROM sso_flows WHERE expires_at < v_now - interval '1 day' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  DELETE FROM link_requests WHERE ctid IN (
    SELECT ctid FROM link_requests WHERE expires_at < v_now - interval '1 day' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  DELETE FROM spent_messages WHERE ctid IN (
    SELECT ctid FROM spent_messages WHERE expires_at < v_now - interval '1 hour' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  DELETE FROM scim_requests WHERE ctid IN (
    SELECT ctid FROM scim_requests WHERE created_at < v_now - interval '30 days' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  RETURN v_gone + v_rows;
END
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION purge_sso_traces(integer) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION purge_sso_traces(integer) TO portal_app;
