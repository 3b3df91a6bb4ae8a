"""The prebuilt views: their pages, parameters, charts and figures."""
