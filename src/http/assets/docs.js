// Swagger UI would ask a validator on another host about the document; null keeps it from that.
window.SwaggerUIBundle({ url: "openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null });
