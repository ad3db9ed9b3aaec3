// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.NodeView;
import io.drey.http.Route;
import io.drey.http.Route.Audience;
import io.drey.http.Services;
import java.util.ArrayList;
import java.util.List;

/** The routes of the native API, {@code /v1}, and of what operators and readers of its description need. */
public final class V1 {
    private static final String STORE = "/v1/stores/{store}";
    private static final String RECORD = STORE + "/records/{key}";

    private V1() {}

    public static List<Route> routes(Services services, NodeView node) {
        var access = new Access(services);
        var stores = new StoreRoutes(services, access);
        var records = new RecordRoutes(services, access);
        var lists = new ListRoutes(services, access);
        var tokens = new TokenRoutes(services);
        var operating = new OperatingRoutes(services, node);
        var pages = new PageRoutes(services);
        var metrics = services.config().metricsPublic() ? Audience.EVERYBODY : Audience.TOKENS;
        var routes = new ArrayList<>(List.of(
                Route.of("GET", RECORD, "getRecord", records::get),
                Route.of("PUT", RECORD, "putRecord", records::put),
                Route.of("PATCH", RECORD, "patchRecord", records::patch),
                Route.of("DELETE", RECORD, "deleteRecord", records::delete),
                Route.of("GET", RECORD + "/history", "recordHistory", records::history),
                Route.of("GET", STORE + "/records", "listRecords", lists::list),
                Route.of("POST", STORE + "/records", "importRecords", new ImportRoute(services, access)::run),
                Route.of("DELETE", STORE + "/records", "deleteRecords", new DeletionRoute(services, access)::run),
                Route.of("POST", STORE + "/batch", "runBatch", new BatchRoute(services, access)::run),
                Route.of("POST", "/v1/stores", "createStore", stores::create),
                Route.of("GET", "/v1/stores", "listStores", stores::list),
                Route.of("GET", STORE, "getStore", stores::get),
                Route.of("PATCH", STORE, "updateStore", stores::update),
                Route.of("DELETE", STORE, "deleteStore", stores::delete),
                Route.of("GET", STORE + "/dependents", "listDependents", stores::dependents),
                Route.of("PUT", STORE + "/dependents/{name}", "putDependent", stores::putDependent),
                Route.of("DELETE", STORE + "/dependents/{name}", "deleteDependent", stores::deleteDependent),
                Route.of("POST", "/v1/tokens", "createToken", tokens::create),
                Route.of("GET", "/v1/tokens", "listTokens", tokens::list),
                Route.of("DELETE", "/v1/tokens/{id}", "deleteToken", tokens::delete),
                new Route("GET", "/v1/cluster", "getCluster", Audience.OPERATORS, operating::cluster),
                Route.open("GET", "/health/live", "healthLive", operating::live),
                Route.open("GET", "/health/ready", "healthReady", operating::ready),
                new Route("GET", "/metrics", "getMetrics", metrics, operating::metrics),
                Route.open("GET", "/openapi.yaml", "getOpenApi", pages::openApi),
                Route.open("GET", "/docs", "getDocs", pages::docs),
                Route.open("GET", "/docs/{file}", "getDocsFile", pages::docsFile),
                Route.open("GET", "/", "getDashboard", pages::start)));
        for (var name : OperationBody.names()) {
            routes.add(Route.of("POST", RECORD + "/" + name, name, exchange -> records.operate(exchange, name)));
        }
        return routes;
    }
}
