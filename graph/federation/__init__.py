"""Requests to other servers, within limits: LOAD and SERVICE."""
