"""The stateless contract of the design workbench: from an object of JSON to an answer. Pure."""
