"""Addresses of the duty desk's pages. Owns nothing else."""

from django.urls import path

from .views import account, audit, nodes, officers, pages, sessions, sharing_rules, tables

urlpatterns = [
    path("", pages.desk, name="desk"),
    path("sign-in", sessions.SignIn.as_view(), name="sign-in"),
    path("sign-out", sessions.sign_out, name="sign-out"),
    path("sign-out/all", sessions.end_all, name="end-all-sessions"),
    path("account", account.account, name="account"),
    path("account/password", account.password, name="own-password"),
    path("account/sessions/end", account.end_session, name="own-session-end"),
    path("account/tokens", account.issue_token, name="own-token"),
    path("account/tokens/revoke", account.revoke_token, name="own-token-revoke"),
    path("officers", officers.officers, name="officers"),
    path("officers/new", officers.new_officer, name="officer-new"),
    path("officers/<int:pk>", officers.officer, name="officer"),
    path("officers/<int:pk>/activity", officers.activity, name="officer-activity"),
    path("officers/<int:pk>/password", officers.new_password, name="officer-password"),
    path("officers/<int:pk>/sessions", officers.end_sessions, name="officer-sessions"),
    path("officers/<int:pk>/tokens", officers.revoke_tokens, name="officer-tokens"),
    path("audit", audit.audit, name="audit"),
    path("audit/export", audit.export, name="audit-export"),
    path("audit/verify", audit.verify, name="audit-verify"),
    path("nodes", nodes.nodes, name="nodes"),
    path("nodes/code", nodes.issue_code, name="node-code"),
    path("nodes/join", nodes.join, name="node-join"),
    path("nodes/key", nodes.rotate_key, name="node-key"),
    path("nodes/at/<slug:node>", nodes.node, name="node"),
    path("nodes/at/<slug:node>/confirm", nodes.confirm, name="node-confirm"),
    path("nodes/at/<slug:node>/clearance", nodes.clearance, name="node-clearance"),
    path("nodes/at/<slug:node>/revoke", nodes.revoke, name="node-revoke"),
    path("tables", tables.tables, name="tables"),
    path("tables/classes/<slug:code>", tables.incident_class, name="class"),
    path("tables/sharing", sharing_rules.rules, name="sharing-rules"),
    path("tables/sharing/<int:pk>/remove", sharing_rules.remove, name="sharing-rule-remove"),
    path("tables/rings", tables.ring, name="ring"),
    path("tables/rings/<int:radius_m>/remove", tables.remove_ring, name="ring-remove"),
    path("tables/extents/<int:pk>", tables.extent, name="extent"),
]
