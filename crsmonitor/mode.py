"""Production or demonstration. Production by default: a forgotten variable is then safe, and the start says which."""

from crsmonitor.env import env_choice

MODE = env_choice("CRS_MODE", among=("production", "demo"), default="production")
PRODUCTION = MODE == "production"
