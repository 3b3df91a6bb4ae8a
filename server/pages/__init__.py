"""The home page, entity pages, downloads and the sitemap."""
