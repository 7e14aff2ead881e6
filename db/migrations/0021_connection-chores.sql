-- As before, and what connections need looked after: the records that prove domains, and certificates that end.
CREATE OR REPLACE FUNCTION list_chores() RETURNS TABLE (tenant_id uuid, chore text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  SELECT t.id, 'warn_of_expiry' FROM tenants t
   WHERE t.status = 'enabled' AND (
     SELECT (o.options ->> 'expiryDays')::integer > 0 FROM security_options o
      WHERE o.tenant_id = t.id ORDER BY o.version DESC LIMIT 1)
  UNION ALL
  SELECT DISTINCT r.tenant_id, 'apply_held_addresses' FROM recovery_requests r
    JOIN tenants t ON t.id = r.tenant_id AND t.status = 'enabled'
   WHERE r.status = 'held' AND r.held_until <= portal_now()
  UNION ALL
  SELECT DISTINCT f.tenant_id, 'apply_factor_resets' FROM factor_resets f
    JOIN tenants t ON t.id = f.tenant_id AND t.status = 'enabled'
   WHERE f.status = 'held' AND f.held_until <= portal_now()
  UNION ALL
  SELECT DISTINCT m.tenant_id, 'erase_deleted' FROM members m
    JOIN tenants t ON t.id = m.tenant_id AND t.status = 'enabled'
    LEFT JOIN firm_settings f ON f.tenant_id = m.tenant_id
   WHERE m.deleted_at IS NOT NULL AND m.erased_at IS NULL
     AND m.deleted_at <= portal_now() - make_interval(days => coalesce(f.deleted_days, 90))
  UNION ALL
  SELECT DISTINCT d.tenant_id, 'check_domains' FROM connection_domains d
    JOIN tenants t ON t.id = d.tenant_id AND t.status = 'enabled'
   WHERE d.proven_at IS NOT NULL
     AND (d.missing_since IS NOT NULL OR d.checked_at <= portal_now() - interval '1 day')
  UNION ALL
  SELECT DISTINCT c.tenant_id, 'warn_of_certificates' FROM connections c
    JOIN tenants t ON t.id = c.tenant_id AND t.status = 'enabled'
   WHERE c.kind = 'saml' AND c.state = 'live';
END;
