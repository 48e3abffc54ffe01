using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Jobs;
using MatchCluster.Api.Tests.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Tests.Jobs;

/// <summary>Lines of which a string is no text: each is refused alone, and the job goes on.</summary>
public sealed class LineTextTests
{
    [Theory]
    [InlineData("{\"id\":\"q\",\"other\":\"\\ud800\"}")]
    [InlineData("{\"id\":\"q\",\"\\ud800\":1}")]
    public void A_line_that_is_no_text_leaves_nothing_in_the_search(string line)
    {
        ArrayBufferWriter<byte> output = new();
        JobCall call = new("G", 60, false, "", "", false, null, null, ReleaseProfile.Full);
        byte[] bytes = Encoding.Latin1.GetBytes(line);
        LineWriter writer = new(JobBody.Ndjson, []);
        Failure? wrong = writer.Write(new JobLine(1, bytes, bytes.Length), output, call);

        Assert.Equal(FailureCode.MalformedBody, wrong?.Code);
        Assert.Equal(0, output.WrittenCount);
        Assert.Null(writer.Write(new JobLine(2, "{\"id\":\"r\"}"u8.ToArray(), 0), output, call));
        Assert.Equal("{\"id\":\"r\",\"threshold\":60}\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("batch-identify")]
    [InlineData("accuracy")]
    public async Task Lines_that_are_no_text_are_refused_alone(string kind)
    {
        await using TaskServer server = await TaskServer.StartAsync();
        await server.Http.EnrolAsync("P0", 0);
        string probe = new JsonObject { ["id"] = "sent", ["biometricData"] = Bodies.Samples(0, 1) }.ToJsonString();
        string id = await server.Http.BeginAsync(
            kind,
            string.Join(
                '\n', "{\"id\":\"a\",\"personId\":\"\\ud800\",\"enrolled\":false}", probe,
                "{\"id\":\"b\",\"personId\":\"P0\",\"enrolled\":false,\"\\ud800\":1}"),
            "application/x-ndjson").IdAsync();
        JsonNode job = await server.Http.EndAsync(id);

        Assert.Equal("done", (string)job["state"]!);
        JsonNode lines = JobCalls.AssertAddsUp(job, 3);
        Assert.Equal((2, 1), ((int)lines["refused"]!, (int)lines["withCandidates"]!));
        Assert.Equal(2, (int)lines["errors"]!["MalformedBody"]!);
    }
}
