using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tasks;
using MatchCluster.Api.Tests.Access;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Tests.Tasks;

/// <summary>OSIA's asynchronous form, over real sockets on both sides.</summary>
public sealed class AsynchronousTests
{
    /// <summary>Every operation is handed over; its result is what the answer would have been.</summary>
    [Fact]
    public async Task Every_operation_sends_what_it_would_have_answered()
    {
        await using TaskServer handed = await TaskServer.StartAsync();
        await using RunningServer asked = new();
        await asked.InitializeAsync();
        int number = 0;
        HashSet<string> operations = [];
        foreach ((string method, string path, string url, JsonNode? body) in ContractTests.Calls())
        {
            if (path.StartsWith("/v1/tasks", StringComparison.Ordinal)
                || !url.Contains("transactionId=", StringComparison.Ordinal))
            {
                continue;
            }

            using HttpRequestMessage request = new(new HttpMethod(method.ToUpperInvariant()), url)
            {
                Content = body is null ? null : JsonContent.Create(body),
            };
            using HttpResponseMessage answer = await asked.Http.SendAsync(request);
            int status = (int)answer.StatusCode;
            string text = await answer.Content.ReadAsStringAsync();
            string call = $"{method} {url} answered {status} {text}";
            using HttpResponseMessage accepted = await handed.HandOverAsync(
                method.ToUpperInvariant(), url["/v1/".Length..].Split("transactionId=")[0].TrimEnd('?', '&'), body,
                method == "post" && path.StartsWith("/v1/persons", StringComparison.Ordinal) ? "T1" : $"T{number}");
            number++;
            if ((int)accepted.StatusCode == 400)
            {
                Assert.True(status == 400, call);
                continue;
            }

            Assert.True((int)accepted.StatusCode == 202, $"{call}, handed over {(int)accepted.StatusCode}");
            operations.Add($"{method} {path}");
            Received received = await handed.Receiver.OfAsync(
                (string)JsonNode.Parse(await accepted.Content.ReadAsStringAsync())!["taskId"]!);
            JsonNode sent = JsonNode.Parse(received.Body)!;
            if (status is 200 or 204)
            {
                Assert.True(received.ContentType.StartsWith("application/json", StringComparison.Ordinal), call);
                Assert.True(
                    status == 204 ? received.Body == "\"OK\"" : Same(JsonNode.Parse(text)!, sent),
                    $"{call}, sent {received.Body}");
            }
            else
            {
                Assert.True(received.ContentType == "application/error+json", call);
                Assert.Equal(["code", "message"], sent.AsObject().Select(pair => pair.Key).Order());
                Assert.True(text.Length == 0 || text == received.Body, $"{call}, sent {received.Body}");
            }
        }

        Assert.Equal(20, operations.Count);
    }

    [Fact]
    public async Task A_task_is_pending_until_its_result_was_taken_and_is_erased_then()
    {
        await using TaskServer server = await TaskServer.StartAsync(
            plan: RetryPlan.Default with { First = TimeSpan.FromHours(1) });
        server.Receiver.Status = 500;
        string id = await server.TaskAsync("POST", "persons/p/encounters/E", Person(1), "T");
        await server.WaitAsync(id, "RESPONSE_RETRY");
        TaskRecord retrying = (await server.Store.ReadAsync(id, default))!;
        Assert.Equal(0, retrying.Request.Length);
        Assert.NotEqual(0, retrying.Result.Length);

        server.Receiver.Status = 204;
        Assert.Equal(204, await server.Http.PostAsync(
            $"/v1/tasks/{id}/redeliver?transactionId=T", null).StatusAsync());
        Received received = await server.Receiver.OfAsync(id);
        Assert.Equal(("T", id), (received.TransactionId, received.TaskId));
        await server.WaitAsync(id, "COMPLETED");
        Assert.Equal(0, (await server.Store.ReadAsync(id, default))!.Result.Length);
        Assert.Equal(404, await server.Http.PostAsync(
            $"/v1/tasks/{id}/redeliver?transactionId=T", null).StatusAsync());
        Assert.Single(server.Receiver.Accepted);
    }

    [Fact]
    public async Task A_result_that_nobody_takes_becomes_a_dead_letter_that_can_be_redelivered()
    {
        await using TaskServer server = await TaskServer.StartAsync(
            plan: RetryPlan.Default with { First = TimeSpan.FromMilliseconds(1), MostAttempts = 3 });
        server.Receiver.Status = 500;
        string id = await server.TaskAsync("GET", "galleries", null, "T");
        await server.WaitAsync(id, "RESPONSE_ERROR");
        Assert.Equal(3, (await server.Store.ReadAsync(id, default))!.Attempts);

        JsonNode list = await server.Http.GetAsync("/mc/v1/tasks?taskState=Dead").OkAsync();
        Assert.Equal(id, (string)Assert.Single(list["tasks"]!.AsArray())!["taskId"]!);
        Assert.DoesNotContain(server.Receiver.Origin, list.ToJsonString(), StringComparison.Ordinal);
        server.Receiver.Status = 204;
        JsonNode again = await server.Http.PostAsync("/mc/v1/tasks/redeliver", null).OkAsync();
        Assert.Equal(1, (int)again["redelivered"]!);
        Assert.Equal("[]", (await server.Receiver.OfAsync(id)).Body);
        await server.WaitAsync(id, "COMPLETED");
    }

    [Fact]
    public async Task One_transaction_is_one_task_however_many_connections_bring_it()
    {
        await using TaskServer server = await TaskServer.StartAsync();
        string[] ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => server.TaskAsync("POST", "persons", Person(1), "same")));
        Assert.Single(ids.Distinct());
        await server.Receiver.OfAsync(ids[0]);
        Assert.Single(await server.Store.ListAsync(new TaskQuery(), default));

        using HttpResponseMessage other = await server.HandOverAsync("POST", "persons", Person(2), "same");
        Assert.Equal(409, (int)other.StatusCode);
        Assert.Equal((int)FailureCode.TransactionConflict, (int)(await other.JsonAsync())["code"]!);
        JsonNode members = await server.Http.GetAsync(RunningServer.V1("galleries/A")).OkAsync();
        Assert.Single(members.AsArray());
    }

    [Theory]
    [InlineData("identify/A?maxNbCand=0", FailureCode.InvalidParameter)]
    [InlineData("identify/A?priority=10", FailureCode.InvalidParameter)]
    [InlineData("identify/A?unknown=1", FailureCode.InvalidParameter)]
    [InlineData("identify/tab%09", FailureCode.InvalidIdentifier)]
    public async Task What_is_malformed_is_refused_at_once(string path, object code)
    {
        await using TaskServer server = await TaskServer.StartAsync();
        using HttpResponseMessage response = await server.HandOverAsync(
            "POST", path, Bodies.Identify(Bodies.Samples(1)), "T");
        if (path.Contains("maxNbCand", StringComparison.Ordinal))
        {
            // What its door finds is found when it is executed.
            Assert.Equal(202, (int)response.StatusCode);
            return;
        }

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal((int)(FailureCode)code, (int)(await response.JsonAsync())["code"]!);
        Assert.Empty(await server.Store.ListAsync(new TaskQuery(), default));
    }

    [Fact]
    public async Task A_malformed_body_another_address_and_a_call_of_which_nothing_may_be_kept_are_refused()
    {
        await using TaskServer server = await TaskServer.StartAsync();
        await RefusedAsync("{", server.Receiver.Address, FailureCode.MalformedBody);
        string good = Bodies.Identify(Bodies.Samples(1)).ToJsonString();
        await RefusedAsync(good, "http%3A%2F%2F127.0.0.1%3A1%2F", FailureCode.CallbackRefused);
        await RefusedAsync(good, "nothing", FailureCode.InvalidParameter);
        server.Http.DefaultRequestHeaders.Add("MC-No-Retain", "true");
        await RefusedAsync(good, server.Receiver.Address, FailureCode.TaskNotKept);
        Assert.Empty(await server.Store.ListAsync(new TaskQuery(), default));

        Task<string> RefusedAsync(string body, string address, FailureCode code) => server.Http.PostAsync(
            $"/v1/identify/A?transactionId=T&callback={address}",
            new StringContent(body, Encoding.UTF8, "application/json")).ErrorAsync(400, code);
    }

    [Fact]
    public async Task A_full_store_says_when_to_come_back()
    {
        await using TaskServer server = await TaskServer.StartAsync(
            tasks: TaskSettings.Default with { Limits = new TaskLimits(1, 1_000_000) },
            plan: RetryPlan.Default with { First = TimeSpan.FromHours(1) });
        server.Receiver.Status = 500;
        string id = await server.TaskAsync("GET", "galleries", null, "T1");
        using HttpResponseMessage full = await server.HandOverAsync("GET", "galleries", null, "T2");
        Assert.Equal(503, (int)full.StatusCode);
        Assert.NotNull(full.Headers.RetryAfter);
        Assert.Equal((int)FailureCode.TasksFull, (int)(await full.JsonAsync())["code"]!);
        Assert.Equal(id, await server.TaskAsync("GET", "galleries", null, "T1"));
    }

    /// <summary>A deletion whose process ended after it was done and before it was noted so.</summary>
    [Theory]
    [InlineData("deleteEncounter", true, "\"OK\"")]
    [InlineData("deleteEncounter", false, "1012")]
    [InlineData("moveEncounter", true, "\"OK\"")]
    [InlineData("mergeEncounter", true, "\"OK\"")]
    [InlineData("mergeEncounter", false, "1012")]
    public async Task What_is_gone_when_it_is_executed_again_was_done(string operation, bool wasThere, string sent)
    {
        await using TaskServer server = await TaskServer.StartAsync();
        await server.Http.PostAsync(
            RunningServer.V1("persons/target/encounters/E0"), JsonContent.Create(Person(1))).OkAsync();
        TaskCall call = new()
        {
            Operation = operation,
            Method = operation == "deleteEncounter" ? "DELETE" : "POST",
            Path = "/v1/persons",
            Query = "?transactionId=T",
            Route = new Dictionary<string, string>
            {
                ["personId"] = "gone", ["encounterId"] = "E", ["personIdSource"] = "gone",
                ["personIdTarget"] = "target",
            },
            Headers = new Dictionary<string, string>(),
            Partner = "",
            Subject = "",
            CallerKind = Api.Http.Access.CallerKind.Unchecked,
            Scopes = [],
        };
        DateTimeOffset before = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        TaskRecord task = TaskRecord.Make(
            TaskKinds.Osia, "", null, new byte[32], call.Encode(), 0, before.AddMinutes(10)) with
        {
            Progress = new TaskNotes(
                Uri.UnescapeDataString(server.Receiver.Address), "T") { WasThere = wasThere }.Encode(),
        };
        await server.Store.PutAsync(task, default);
        await server.Store.ClaimAsync(
            new TaskClaim(
                TaskPhase.Execute, [TaskKinds.Osia], "killed", task.Due,
                TimeProvider.System.GetUtcNow().AddHours(1)), default);
        await server.Store.SaveAsync(
            task.Id, 1, new TaskChange(before) { Due = before, Releases = true }, null, default);
        Assert.Contains(sent, (await server.Receiver.OfAsync(task.Id)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_log_has_a_row_of_the_acceptance_and_one_of_the_execution()
    {
        await using TaskServer server = await TaskServer.StartAsync(isAudited: true);
        await server.ResultAsync("POST", "identify/A?threshold=0", Bodies.Identify(Bodies.Samples(1)), "T");
        string rows = await server.Http.GetStringAsync("/mc/v1/audit");
        int[] statuses =
        [
            .. rows.Split('\n').Where(row => row.Contains("\"identify\"", StringComparison.Ordinal))
                .Select(row => (int)Find(JsonNode.Parse(row)!, "status")!),
        ];
        Assert.Equal([202, 404], statuses.Order());
    }

    [Fact]
    public async Task An_Idempotency_Key_stands_for_the_transaction_at_both_forms()
    {
        await using TaskServer server = await TaskServer.StartAsync();
        server.Http.DefaultRequestHeaders.Add("Idempotency-Key", "key-1");
        JsonNode first = await CreateAsync("T1", 1).OkAsync();
        JsonNode second = await CreateAsync("T2", 1).OkAsync();
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
        Assert.Equal(409, await CreateAsync("T3", 2).StatusAsync());

        server.Http.DefaultRequestHeaders.Remove("Idempotency-Key");
        server.Http.DefaultRequestHeaders.Add("Idempotency-Key", "key-2");
        string id = await server.TaskAsync("GET", "galleries", null, "T4");
        Assert.Equal(id, await server.TaskAsync("GET", "galleries", null, "T4"));

        server.Http.DefaultRequestHeaders.Remove("Idempotency-Key");
        server.Http.DefaultRequestHeaders.Add("Idempotency-Key", new string('x', 200));
        await CreateAsync("T5", 1).ErrorAsync(400, FailureCode.InvalidIdentifier);

        Task<HttpResponseMessage> CreateAsync(string transaction, int person) => server.Http.PostAsync(
            $"/v1/persons?transactionId={transaction}", JsonContent.Create(Person(person)));
    }

    [Fact]
    public async Task A_partner_sees_its_own_tasks_alone()
    {
        using TestIssuer issuer = new();
        await using TaskServer server = await TaskServer.StartAsync(access: issuer.Settings());
        As("one", "abis.gallery.read abis.task.read abis.task.update");
        string id = await server.TaskAsync("GET", "galleries", null, "T");
        await server.Receiver.OfAsync(id);
        await server.WaitAsync(id, "COMPLETED");
        Assert.Single((await server.Http.GetAsync("/mc/v1/tasks").OkAsync())["tasks"]!.AsArray());

        As("other", "abis.gallery.read abis.task.read abis.task.update");
        Assert.Equal(404, await server.Http.GetAsync($"/v1/tasks/{id}/status?transactionId=T").StatusAsync());
        Assert.Equal(404, await server.Http.PostAsync(
            $"/v1/tasks/{id}/redeliver?transactionId=T", null).StatusAsync());
        Assert.Empty((await server.Http.GetAsync("/mc/v1/tasks").OkAsync())["tasks"]!.AsArray());
        Assert.NotEqual(id, await server.TaskAsync("GET", "galleries", null, "T"));

        As("operator", "abis.task.read mc.admin");
        JsonNode all = await server.Http.GetAsync("/mc/v1/tasks").OkAsync();
        Assert.Equal(2, all["tasks"]!.AsArray().Count);
        Assert.Equal("one", (string)all["tasks"]![0]!["partner"]!);

        void As(string partner, string scopes)
        {
            string token = issuer.Token(scopes, claims =>
            {
                claims.Claims["client_id"] = partner;
                claims.Claims["sub"] = partner;
            });
            server.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }
    }

    private static JsonNode? Find(JsonNode node, string name) =>
        Objects(node).Select(one => one[name]).FirstOrDefault(found => found is not null);

    private static bool Same(JsonNode one, JsonNode other) => JsonNode.DeepEquals(Timeless(one), Timeless(other));

    /// <summary>Without what differs between two servers: times and ids that are drawn.</summary>
    private static JsonNode Timeless(JsonNode node)
    {
        foreach (JsonObject each in Objects(node).ToList())
        {
            each.Remove("createdDate");
            each.Remove("updatedDate");
        }

        return node;
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(pair => Objects(pair.Value)).Prepend(one),
        JsonArray many => many.SelectMany(Objects),
        _ => [],
    };

    private static JsonObject Person(int person) => Bodies.Encounter("A", Bodies.Samples(person));
}
