// SPDX-License-Identifier: Apache-2.0
window.SwaggerUIBundle({ url: "/openapi.yaml", dom_id: "#swagger-ui", deepLinking: true });
