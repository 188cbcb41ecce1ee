using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>List, watch, get, create, update, patch and delete of the stored kinds.</summary>
internal sealed class ResourceEndpoints(SimulatedCluster cluster)
{
    public SimResponse Handle(SimRequest request, ApiPath path) => request.Method switch
    {
        "GET" when path.Name is null || request.Flag("watch") => request.Flag("watch") ? Watch(request, path) : List(request, path),
        "GET" => Respond(request, Find(path), 200),
        "POST" when path.Name is null => Create(request, path),
        "PUT" when path.Name is not null => Update(request, path),
        "PATCH" when path.Name is not null => Patch(request, path),
        "DELETE" when path.Name is not null => Delete(request, path),
        "DELETE" => DeleteAll(request, path),
        _ => throw ApiError.MethodNotAllowed(),
    };

    public SimResponse Log(ApiPath path)
    {
        var pod = Find(path).Json;
        var text = $"{Json.Time(cluster.Time)} INFO {pod.Name()} serves as {pod.Text("status", "phase")} with {(pod.At("status", "containerStatuses") as JsonArray)?.FirstOrDefault().Int("restartCount") ?? 0} restarts\n";
        return new SimResponse { ContentType = "text/plain", Body = Encoding.UTF8.GetBytes(text) };
    }

    private SimResponse List(SimRequest request, ApiPath path)
    {
        var selection = new ObjectSelection(path, request);
        var found = cluster.Store.List(selection.Type).Where(selection.Matches).ToList();
        var (page, meta) = Page(request, found);
        if (TablePrinter.IsWanted(request)) return TablePrinter.Respond(request, page, path.Type, meta, cluster.Time);
        var isNewEvent = path.Type == ResourceTypes.NewEvents;
        var body = new MemoryStream(page.Sum(o => o.Bytes.Length + 1) + 256);
        body.Write(Encoding.UTF8.GetBytes($"{{\"kind\":\"{path.Type.Kind}List\",\"apiVersion\":\"{path.Type.ApiVersion}\",\"metadata\":{meta.ToJsonString()},\"items\":["));
        for (var i = 0; i < page.Count; i++)
        {
            if (i > 0) body.WriteByte((byte)',');
            body.Write(isNewEvent ? Render(path.Type, page[i]) : page[i].Bytes);
        }

        body.Write("]}"u8);
        return new SimResponse { Body = body.GetBuffer().AsMemory(0, (int)body.Length) };
    }

    /// <summary>A continue token names the resource version of the first page and the last object told.</summary>
    private (List<StoredObject> Page, JsonObject Meta) Page(SimRequest request, List<StoredObject> found)
    {
        var meta = new JsonObject { ["resourceVersion"] = cluster.Store.Version.ToString(CultureInfo.InvariantCulture) };
        if (request.Parameter("continue") is { } token)
        {
            var (version, after) = ParseToken(token);
            if (version < cluster.Store.OldestResumable) throw ApiError.Expired();
            meta["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
            found = found.FindAll(o => string.CompareOrdinal(Key(o), after) > 0);
        }

        if (!int.TryParse(request.Parameter("limit"), CultureInfo.InvariantCulture, out var limit) || limit <= 0 || found.Count <= limit) return (found, meta);
        meta["continue"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{meta.Text("resourceVersion")} {Key(found[limit - 1])}"));
        meta["remainingItemCount"] = found.Count - limit;
        return (found[..limit], meta);
    }

    private static (long Version, string After) ParseToken(string token)
    {
        try
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String(token));
            var blank = text.IndexOf(' ', StringComparison.Ordinal);
            if (blank > 0 && long.TryParse(text[..blank], CultureInfo.InvariantCulture, out var version)) return (version, text[(blank + 1)..]);
        }
        catch (FormatException)
        {
            // Answered below, like a token that decodes to nonsense.
        }

        throw ApiError.BadRequest("the continue token is not valid");
    }

    private SimResponse Watch(SimRequest request, ApiPath path)
    {
        var selection = new ObjectSelection(path, request);
        Func<StoredObject, byte[]> render = TablePrinter.IsWanted(request)
            ? o => TablePrinter.Table(request, [o], path.Type, new JsonObject { ["resourceVersion"] = o.Json.Text("metadata", "resourceVersion") }, cluster.Time).ToBytes()
            : o => Render(path.Type, o);
        return new SimResponse { Watch = new WatchStream(cluster, selection, render, request) };
    }

    private SimResponse Create(SimRequest request, ApiPath path)
    {
        var json = RequestBody.ReadObject(request);
        if (path.Type == ResourceTypes.NewEvents) json = EventForms.ToCore(json);
        json["apiVersion"] ??= path.Type.ApiVersion;
        json["kind"] ??= path.Type.Kind;
        if (path.Type.IsNamespaced && path.Namespace.Length == 0) throw ApiError.BadRequest("an empty namespace may not be set during creation");
        if (path.Type.IsNamespaced) json.Meta()["namespace"] = path.Namespace;
        var name = json.Name();
        if (name.Length == 0 && json.Text("metadata", "generateName") is null) throw ApiError.Invalid(path.Type, "", "metadata.name", "Required value: name or generateName is required");
        if (path.Type == ResourceTypes.Pods) throw new ApiError(403, "Forbidden", "pods are made by deployments and stateful sets only in the simulation");
        if (path.Type.IsNamespaced && cluster.Store.Find(ResourceTypes.Namespaces, "", path.Namespace) is null) throw ApiError.NotFound(ResourceTypes.Namespaces, path.Namespace);
        if (name.Length > 0 && cluster.Store.Find(path.Type, path.Namespace, name) is not null) throw ApiError.AlreadyExists(path.Type, name);
        return Store(request, path, json, null, 201);
    }

    private SimResponse Update(SimRequest request, ApiPath path)
    {
        var json = RequestBody.ReadObject(request);
        if (path.Type == ResourceTypes.NewEvents) json = EventForms.ToCore(json);
        if (json.Name() != path.Name) throw ApiError.BadRequest($"the name of the object ({json.Name()}) does not match the name on the URL ({path.Name})");
        return Store(request, path, json, Find(path), 200);
    }

    private SimResponse Patch(SimRequest request, ApiPath path)
    {
        var patch = RequestBody.Read(request);
        var isApply = request.ContentType == "application/apply-patch+yaml";
        if (isApply && request.Parameter("fieldManager") is null) throw ApiError.BadRequest("PatchOptions.meta.k8s.io is invalid: fieldManager: Required value: is required for apply patch");
        var before = cluster.Store.Find(path.Type, path.Namespace, path.Name!);
        if (before is null && !isApply) throw ApiError.NotFound(path.Type, path.Name!);
        var target = before?.Json ?? new JsonObject
        {
            ["apiVersion"] = path.Type.ApiVersion,
            ["kind"] = path.Type.Kind,
            ["metadata"] = new JsonObject { ["name"] = path.Name },
        };
        if (before is null && path.Type.IsNamespaced)
        {
            target.Meta()["namespace"] = path.Namespace;
            if (cluster.Store.Find(ResourceTypes.Namespaces, "", path.Namespace) is null) throw ApiError.NotFound(ResourceTypes.Namespaces, path.Namespace);
        }

        var patched = Patches.Apply(request.ContentType, target, patch);
        if (isApply) FieldManagers.Record(patched, request.Parameter("fieldManager")!, path.Type.ApiVersion, cluster.Time);
        return Store(request, path, patched, before, before is null ? 201 : 200);
    }

    private SimResponse Store(SimRequest request, ApiPath path, JsonObject json, StoredObject? before, int status)
    {
        Admission.Check(path.Type, json, before?.Json);
        if (before is not null) Admission.CheckVersion(path.Type, json, before);
        if (path.Type == ResourceTypes.Deployments || path.Type == ResourceTypes.StatefulSets) json = WorkloadDefaults.Apply(path.Type, json);
        if (before is not null) Admission.KeepIdentity(json, before.Json, path.Subresource == "status");
        if (before is not null && JsonNode.DeepEquals(json, before.Json)) return Respond(request, before, status, path.Type);
        if (request.Parameter("dryRun") == "All") return Respond(request, new StoredObject(path.Type, json, cluster.Store.Version), status, path.Type);
        var stored = before is null ? cluster.Create(path.Type, json) : cluster.Store.Put(path.Type, json);
        cluster.OnWritten(stored);
        return Respond(request, stored, status, path.Type);
    }

    private SimResponse Delete(SimRequest request, ApiPath path)
    {
        var found = Find(path);
        if (!request.Body.IsEmpty) Admission.CheckPreconditions(path.Type, RequestBody.ReadObject(request), found);
        var isDry = request.Parameter("dryRun") == "All" || (!request.Body.IsEmpty && RequestBody.ReadObject(request).At("dryRun") is JsonArray { Count: > 0 });
        if (!isDry) Remove(found);
        if (path.Type == ResourceTypes.Pods) return Respond(request, found, 200);
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = new JsonObject { ["name"] = path.Name, ["group"] = path.Type.Group, ["kind"] = path.Type.Plural, ["uid"] = found.Json.Text("metadata", "uid") },
        };
        return new SimResponse { Body = status.ToBytes() };
    }

    private SimResponse DeleteAll(SimRequest request, ApiPath path)
    {
        var selection = new ObjectSelection(path, request);
        foreach (var found in cluster.Store.List(selection.Type).Where(selection.Matches).ToArray()) Remove(found);
        return new SimResponse { Body = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success" }.ToBytes() };
    }

    private void Remove(StoredObject found)
    {
        var (space, name) = (found.Json.Namespace(), found.Json.Name());
        if (found.Type == ResourceTypes.Pods)
        {
            cluster.RemovePod(space, name);
            return;
        }

        if (found.Type == ResourceTypes.Nodes) throw ApiError.MethodNotAllowed();
        if (cluster.Store.Remove(found.Type, space, name) is { } gone) cluster.OnDeleted(gone);
    }

    private StoredObject Find(ApiPath path) => cluster.Store.Find(path.Type, path.Namespace, path.Name!) ?? throw ApiError.NotFound(path.Type, path.Name!);

    private SimResponse Respond(SimRequest request, StoredObject obj, int status, ResourceType? asType = null)
    {
        var type = asType ?? (request.Path.StartsWith("/apis/events.k8s.io", StringComparison.Ordinal) ? ResourceTypes.NewEvents : obj.Type);
        if (!TablePrinter.IsWanted(request)) return new SimResponse { StatusCode = status, Body = Render(type, obj) };
        var meta = new JsonObject { ["resourceVersion"] = obj.Json.Text("metadata", "resourceVersion") };
        return TablePrinter.Respond(request, [obj], type, meta, cluster.Time) with { StatusCode = status };
    }

    private static byte[] Render(ResourceType type, StoredObject obj) => type == ResourceTypes.NewEvents ? EventForms.ToNew(obj.Json).ToBytes() : obj.Bytes;

    private static string Key(StoredObject obj) => $"{obj.Json.Namespace()}/{obj.Json.Name()}";
}
