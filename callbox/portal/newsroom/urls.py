"""Addresses of the newsroom, its feeds and the list of real accounts."""

from django.urls import URLPattern, URLResolver, path, re_path

from callbox.portal.newsroom import accounts, feeds, media, signed, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("news/", views.news, name="portal_news"),
    path("news/page/<int:number>/", views.news, name="portal_news_page"),
    path("news/feed.atom", feeds.atom, name="portal_atom"),
    path("news/feed.json", feeds.json_feed, name="portal_json_feed"),
    path("news/key/", signed.key, name="portal_key"),
    path("news/<slug:slug>/", views.entry, name="portal_entry"),
    path("news/<slug:slug>/signed.json", signed.entry, name="portal_signed"),
    re_path(r"^media/(?P<sha256>[0-9a-f]{64})\Z", media.media, name="portal_media"),
    path("accounts/", accounts.accounts, name="portal_accounts"),
]
