-- As before, and whether a second factor will be asked for there (A3).
DROP FUNCTION list_linked_firms(uuid);
--> statement-breakpoint
CREATE FUNCTION list_linked_firms(p_member_id uuid) RETURNS TABLE (
    tenant_id uuid, slug text, name text, accent text, kind text, username text, last_sign_in_at timestamptz,
    may_sign_in boolean, federated boolean, has_password boolean, must_change_password boolean,
    has_app boolean, has_passkey boolean
  )
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
  SELECT t.id, t.slug, t.name, t.accent, o.kind, o.username, o.last_sign_in_at,
         o.status = 'enabled' AND o.frozen_at IS NULL, o.connection_id IS NOT NULL,
         EXISTS (SELECT FROM password_credentials c WHERE c.tenant_id = o.tenant_id AND c.member_id = o.id),
         o.must_change_password,
         EXISTS (SELECT FROM totp_factors f
                  WHERE f.tenant_id = o.tenant_id AND f.member_id = o.id AND f.confirmed_at IS NOT NULL),
         EXISTS (SELECT FROM passkeys p WHERE p.tenant_id = o.tenant_id AND p.member_id = o.id)
    FROM linked_firms l
    JOIN tenants t ON t.id = l.other_tenant_id AND t.status = 'enabled'
    JOIN members o ON o.tenant_id = l.other_tenant_id AND o.id = l.other_member_id
   WHERE l.tenant_id = current_tenant_id() AND l.member_id = p_member_id
   ORDER BY o.last_sign_in_at DESC NULLS LAST, t.name;
END;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION list_linked_firms(uuid) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION list_linked_firms(uuid) TO portal_app;
