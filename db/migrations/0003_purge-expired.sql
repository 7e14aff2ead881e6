-- Housekeeping over all firms: what has run out, and allowances that are whole again. A batch at a time, so that no
-- transaction is long; gives how many rows went. Audit events stay.
CREATE FUNCTION purge_expired(p_batch integer) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_now timestamptz := portal_now();
  v_kept interval := interval '30 days';
  v_gone bigint := 0;
  v_rows bigint;
BEGIN
  DELETE FROM sessions WHERE ctid IN (
    SELECT ctid FROM sessions WHERE expires_at < v_now - v_kept LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  DELETE FROM one_time_secrets WHERE ctid IN (
    SELECT ctid FROM one_time_secrets WHERE expires_at < v_now - v_kept LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  DELETE FROM outbox_emails WHERE ctid IN (
    SELECT ctid FROM outbox_emails WHERE status <> 'queued' AND created_at < v_now - v_kept LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  DELETE FROM rate_limits WHERE ctid IN (
    SELECT ctid FROM rate_limits WHERE whole_at < v_now LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_gone := v_gone + v_rows;

  -- A window that still holds a count is kept: the next event must say it.
  DELETE FROM refusal_windows WHERE ctid IN (
    SELECT ctid FROM refusal_windows WHERE uncounted = 0 AND opened_at < v_now - interval '1 hour' LIMIT p_batch);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  RETURN v_gone + v_rows;
END
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION purge_expired(integer) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION purge_expired(integer) TO portal_app;
