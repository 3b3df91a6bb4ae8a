"""The sources of what pages load: scripts in `src/`, bundled by `build.mjs` into `server/assets/`."""
