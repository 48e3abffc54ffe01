using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests.Unique;

/// <summary>Enrolment of those whom nobody is like, as its callers use it.</summary>
public sealed class EnrolIfUniqueTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_new_person_is_enrolled_and_another_capture_of_the_same_is_a_duplicate()
    {
        JsonNode first = await PostAsync("a-1", "alone", 1).OkAsync();
        Assert.Equal("enrolled", (string)first["outcome"]!);
        Assert.Equal(0, (long)first["searched"]![0]!["identities"]!);

        JsonNode other = await PostAsync("a-2", "alone", 1, impression: 1).OkAsync();
        Assert.Equal("duplicate", (string)other["outcome"]!);
        JsonNode candidate = Assert.Single(other["candidates"]!.AsArray())!;
        Assert.Equal((string)first["personId"]!, (string)candidate["personId"]!);
        Assert.Null(other["personId"]);

        JsonNode another = await PostAsync("a-3", "alone", 2).OkAsync();
        Assert.Equal("enrolled", (string)another["outcome"]!);
        Assert.Equal(2, await MembersAsync("alone"));
    }

    [Fact]
    public async Task A_call_that_is_repeated_gets_the_first_enrolment_and_is_not_its_own_duplicate()
    {
        JsonNode first = await PostAsync("r-1", "again", 3).OkAsync();
        JsonNode second = await PostAsync("r-1", "again", 3).OkAsync();
        Assert.Equal("enrolled", (string)second["outcome"]!);
        Assert.True((bool)second["repeated"]!);
        Assert.Equal((string)first["personId"]!, (string)second["personId"]!);
        Assert.Equal((string)first["encounterId"]!, (string)second["encounterId"]!);

        Assert.Equal(409, await PostAsync("r-1", "again", 4).StatusAsync());
        Assert.Equal(1, await MembersAsync("again"));
    }

    [Fact]
    public async Task An_idempotency_key_stands_for_the_transaction()
    {
        JsonNode first = await KeyedAsync("i-1", "key", 5).OkAsync();
        JsonNode second = await KeyedAsync("i-2", "key", 5).OkAsync();
        Assert.Equal("enrolled", (string)second["outcome"]!);
        Assert.Equal((string)first["personId"]!, (string)second["personId"]!);
        Assert.Equal(409, await KeyedAsync("i-3", "key", 6).StatusAsync());
        Assert.Equal(400, await KeyedAsync("i-4", new string('x', 200), 5).StatusAsync());
        Assert.Equal(1, await MembersAsync("keyed"));

        Task<HttpResponseMessage> KeyedAsync(string transaction, string key, int person)
        {
            HttpRequestMessage request = new(
                HttpMethod.Post, $"/mc/v1/enrol-if-unique?threshold=60&transactionId={transaction}")
            {
                Content = JsonContent.Create(Bodies.Encounter("keyed", Bodies.Samples(person))),
            };
            request.Headers.Add("Idempotency-Key", key);
            return server.Http.SendAsync(request);
        }
    }

    [Fact]
    public async Task Many_at_once_with_twins_among_them_are_enrolled_once_each()
    {
        // Each person three times, in captures of their own; one of the three is sent twice under its transaction.
        const int People = 20;
        (string Transaction, int Person, int Impression)[] calls =
        [
            .. Enumerable.Range(0, People).SelectMany(person => (int[])[0, 1, 2, 2],
                (person, impression) => ($"m-{person}-{impression}", 100 + person, impression)),
        ];
        new Random(11).Shuffle(calls);
        JsonNode[] answers = await Task.WhenAll(calls.Select(
            call => PostAsync(call.Transaction, "many", call.Person, call.Impression).OkAsync()));

        for (int person = 0; person < People; person++)
        {
            JsonNode[] own = [.. answers.Where((_, i) => calls[i].Person == 100 + person)];
            string[] ids =
            [
                .. own.Where(answer => (string)answer["outcome"]! == "enrolled")
                    .Select(answer => (string)answer["personId"]!).Distinct(),
            ];
            string id = Assert.Single(ids);
            Assert.All(
                own.Where(answer => (string)answer["outcome"]! == "duplicate"),
                answer => Assert.Equal(id, (string)answer["candidates"]![0]!["personId"]!));
        }

        Assert.Equal(People, await MembersAsync("many"));
    }

    [Fact]
    public async Task An_encounter_of_several_galleries_is_looked_for_in_all_of_them()
    {
        await PostAsync("g-1", "one", 40).OkAsync();
        JsonObject body = Bodies.Encounter("one", Bodies.Samples(40, 1));
        body["galleries"] = new JsonArray("another", "one");
        JsonNode answer = await PostAsync("g-2", body).OkAsync();
        Assert.Equal("duplicate", (string)answer["outcome"]!);
        Assert.Equal(2, answer["searched"]!.AsArray().Count);
        Assert.Equal(1, await MembersAsync("one"));
    }

    [Fact]
    public async Task Nobody_is_enrolled_where_nothing_can_be_compared()
    {
        await PostAsync("n-1", Bodies.Encounter("apart", [Bodies.Finger(50, 2)])).OkAsync();
        using HttpResponseMessage answer = await PostAsync("n-2", Bodies.Encounter("apart", [Bodies.Eye(51, 1)]));
        Assert.NotEqual(200, (int)answer.StatusCode);
        Assert.Equal(1, await MembersAsync("apart"));
    }

    [Fact]
    public async Task A_person_who_is_there_already_gets_no_encounter()
    {
        await PostAsync("p-1&personId=taken", "people", 60).OkAsync();
        Assert.Equal(409, await PostAsync("p-2&personId=taken", "people", 61).StatusAsync());
        Assert.Equal(1, await MembersAsync("people"));
    }

    [Theory]
    [InlineData("x&threshold=-1")]
    [InlineData("x&maxNbCand=0")]
    [InlineData("x&targetFPIR=2")]
    [InlineData("x&accuracyLevel=fast")]
    public async Task A_query_that_is_wrong_is_refused(string query) =>
        Assert.Equal(400, await PostAsync(
            query, Bodies.Encounter("wrong", Bodies.Samples(70)), threshold: "").StatusAsync());

    private Task<HttpResponseMessage> PostAsync(string transaction, string gallery, int person, int impression = 0) =>
        PostAsync(transaction, Bodies.Encounter(gallery, Bodies.Samples(person, impression)));

    private Task<HttpResponseMessage> PostAsync(
        string transaction, JsonObject body, string threshold = "&threshold=60") => server.Http.PostAsync(
        $"/mc/v1/enrol-if-unique?transactionId={transaction}{threshold}",
        new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));

    private async Task<int> MembersAsync(string gallery)
    {
        JsonNode members = await server.Http.GetAsync($"/v1/galleries/{gallery}?transactionId=T&limit=1000").OkAsync();
        return members.AsArray().Count;
    }
}
