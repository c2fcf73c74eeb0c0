"""Addresses of the duty desk's pages. Owns nothing else."""

from django.urls import path

from .views import pages, sessions

urlpatterns = [
    path("", pages.desk, name="desk"),
    path("sign-in", sessions.SignIn.as_view(), name="sign-in"),
    path("sign-out", sessions.sign_out, name="sign-out"),
    path("sign-out/all", sessions.end_all, name="end-all-sessions"),
]
