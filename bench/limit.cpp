// The limit that searches are compared with: bounded Dijkstra with a bucket queue and nothing to clear between sources.
// g++ -O3 -march=native -shared -fPIC limit.cpp -o limit.so
#include <algorithm>
#include <cstdint>
#include <vector>

static const float FAR = 1e30f;

struct Arc { int32_t head; float cost; };

struct Graph {
    const int32_t* start;
    std::vector<Arc> arcs;
    std::vector<float> cost;
    std::vector<int32_t> touched;
    std::vector<std::vector<int32_t>> buckets;
};

extern "C" Graph* graph_new(int nodes, const int32_t* start, const int32_t* head, const double* cost) {
    Graph* graph = new Graph;
    graph->start = start;
    graph->arcs.resize(start[nodes]);
    for (int i = 0; i < start[nodes]; i++) graph->arcs[i] = {head[i], (float)cost[i]};
    graph->cost.assign(nodes, FAR);
    return graph;
}

extern "C" void graph_free(Graph* graph) { delete graph; }

static void reach(Graph* graph, int node, float cost, int bucket) {
    if (graph->cost[node] == FAR) graph->touched.push_back(node);
    graph->cost[node] = cost;
    graph->buckets[bucket].push_back(node);
}

// Costs from one place, which leads to two nodes; returns how many nodes it reaches within `limit`.
static long search(Graph* graph, const int32_t* first, const double* at, float limit, float width) {
    for (int node : graph->touched) graph->cost[node] = FAR;
    graph->touched.clear();
    const float scale = 1 / width;
    const int count = (int)(limit * scale) + 2;
    if ((int)graph->buckets.size() < count) graph->buckets.resize(count);
    for (int i = 0; i < 2; i++)
        if (at[i] <= limit && at[i] < graph->cost[first[i]]) reach(graph, first[i], (float)at[i], (int)(at[i] * scale));
    for (int b = 0; b < count; b++) {
        auto& bucket = graph->buckets[b];
        for (size_t i = 0; i < bucket.size(); i++) {
            const int node = bucket[i];
            const float here = graph->cost[node];
            if ((int)(here * scale) < b) continue;
            for (int a = graph->start[node]; a < graph->start[node + 1]; a++) {
                const float there = here + graph->arcs[a].cost;
                if (there <= limit && there < graph->cost[graph->arcs[a].head])
                    reach(graph, graph->arcs[a].head, there, (int)(there * scale));
            }
        }
        bucket.clear();
    }
    return graph->touched.size();
}

// `ends` and `at` hold two nodes and two costs a source. `row` (may be null) gets the costs of the last source.
extern "C" long search_many(Graph* graph, int sources, const int32_t* ends, const double* at, double limit,
                            double width, float* row) {
    long reached = 0;
    for (int s = 0; s < sources; s++) reached += search(graph, ends + 2 * s, at + 2 * s, (float)limit, (float)width);
    if (row) std::copy(graph->cost.begin(), graph->cost.end(), row);
    return reached;
}
