"""Settings that are the same everywhere, whatever the environment says."""

NONE, SELF = "'none'", "'self'"  # as a policy writes them

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "crsmonitor.accounts.authentication.TokenScopes",
        "crsmonitor.api.parameters.KnownParameters",
    ],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crsmonitor.accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "crsmonitor.api.answers.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": True,
    "URL_FORMAT_OVERRIDE": None,  # a parameter that no view knows
}
SPECTACULAR_SETTINGS = {
    "TITLE": "crsmonitor",
    "DESCRIPTION": "Grades cytokine release syndrome during step-up dosing.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "crsmonitor.api.schema.refusals_are_problems",
        "crsmonitor.api.schema.addresses_with_a_dollar",
    ],
}

# --- What a tablet works out by itself -----------------------------------------------------------
TABLET_RULES = ("grading.tablet.asked", "answer")  # the module, and its function that is asked

# --- What a page may load ---------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF, "'wasm-unsafe-eval'"],  # the rules on a tablet; no other eval is allowed by it
    "style-src": [SELF],
    "img-src": [SELF, "data:"],  # the icons inside Bootstrap's stylesheet are data:
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "worker-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "object-src": [NONE],
}
