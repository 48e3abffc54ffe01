using MatchCluster.ServiceDefaults.Hosting;

namespace MatchCluster.Api.Tests.Hosting;

/// <summary>Texts that one reader takes for this machine and another for every address.</summary>
public sealed class ListenAddressesTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("HTTP://127.0.0.1:5080/")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.9.8.7:1")]
    [InlineData("http://[::1]:5080")]
    [InlineData("http://[::ffff:127.0.0.1]:5080")]
    [InlineData("http://localhost:5080;http://[::1]:5081")]
    [InlineData(" http://LocalHost:0 ; ")]
    public void Loopback_addresses_are_taken(string urls) => Assert.Null(ListenAddresses.RefusalOf(urls));

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("http://user@127.0.0.1:5080")]
    [InlineData("http://@127.0.0.1:5080")]
    [InlineData("http://:p@localhost:5080")]
    [InlineData("http://a:b@[::1]:5080")]
    [InlineData("http://127.0.0.1@192.0.2.1:5080")]
    [InlineData("http://127.0.0.1:5080?x")]
    [InlineData("http://127.0.0.1:5080#x")]
    [InlineData("http://127.0.0.1:5080/base")]
    [InlineData("http://127.0.0.1:5080//")]
    [InlineData("http://127\u30020\u30020\u30021:5080")]
    [InlineData("http://\uff11\uff12\uff17.0.0.1:5080")]
    [InlineData("http://\u0661\u0662\u0667.0.0.1:5080")]
    [InlineData("http://127.0.0.1:\u0661")]
    [InlineData("http://\uff4cocalhost:5080")]
    [InlineData("http://local\u200bhost:5080")]
    [InlineData("http://12\u00ad7.0.0.1:5080")]
    [InlineData("http:\\\\127.0.0.1:5080")]
    [InlineData("http:127.0.0.1:5080")]
    [InlineData("http:///127.0.0.1:5080")]
    [InlineData("http://[::1%lo]:5080")]
    [InlineData("http://[::1%25lo]:5080")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://[fe80::1]:5080")]
    [InlineData("http://::1:5080")]
    [InlineData("http://[127.0.0.1]:5080")]
    [InlineData("http://127.0.0.1.:5080")]
    [InlineData("http://0177.0.0.1:5080")]
    [InlineData("http://127.1:5080")]
    [InlineData("http://2130706433:5080")]
    [InlineData("http://0x7f.0.0.1:5080")]
    [InlineData("http://127.0.0.256:5080")]
    [InlineData("http://loc%61lhost:5080")]
    [InlineData("http://localhost.:5080")]
    [InlineData("http://localhost.example:5080")]
    [InlineData("http://127.0.0.1%00:5080")]
    [InlineData("http://127.0.0.1\t:5080")]
    [InlineData("http://127.0.0.1 :5080")]
    [InlineData("http://127.0.0.1:5080\nhttp://0.0.0.0:1")]
    [InlineData("http://127.0.0.1:65536")]
    [InlineData("http://127.0.0.1:-1")]
    [InlineData("http://127.0.0.1:+1")]
    [InlineData("http://127.0.0.1:")]
    [InlineData("http://*:5080")]
    [InlineData("http://+:5080")]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://192.0.2.1:5080")]
    [InlineData("http://127.0.0.1:5080;http://192.0.2.1:5080")]
    [InlineData("http://unix:/tmp/x")]
    [InlineData("http://pipe:/x")]
    [InlineData("https://127.0.0.1:5080")]
    [InlineData("nonsense")]
    public void Anything_else_is_refused_in_one_line(string urls)
    {
        string refusal = ListenAddresses.RefusalOf(urls)!;
        Assert.Contains("--urls", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal, c => c is < ' ' or > '~');
    }

    [Theory]
    [InlineData("http://192.0.2.1:80", false, false, false, "without credentials")]
    [InlineData("http://192.0.2.1:80", false, true, true, "without credentials")]
    [InlineData("https://192.0.2.1:80", false, true, false, "without credentials")]
    [InlineData("https://[::]:80", false, true, true, "without credentials")]
    [InlineData("http://192.0.2.1:80", true, true, false, "in the clear")]
    [InlineData("http://0.0.0.0:80", true, false, false, "in the clear")]
    [InlineData("http://192.0.2.1:80", true, false, true, null)]
    [InlineData("https://192.0.2.1:80", true, false, false, "certificate")]
    [InlineData("https://127.0.0.1:80", true, false, false, "certificate")]
    [InlineData("https://192.0.2.1:80", true, true, false, null)]
    [InlineData("https://0.0.0.0;https://[::]", true, true, false, null)]
    [InlineData("https://127.0.0.1:0", false, true, false, null)]
    [InlineData("http://127.0.0.1:0;https://192.0.2.1:0", true, true, false, null)]
    [InlineData("https://*:80", true, true, true, "wanted")]
    [InlineData("https://abis.example:80", true, true, true, "wanted")]
    public void Beyond_this_machine_it_takes_credentials_and_TLS_or_a_proxy(
        string urls, bool hasCredentials, bool hasCertificate, bool allowsInsecure, string? expected)
    {
        string? refusal = ListenAddresses.RefusalOf(urls, new(hasCredentials, hasCertificate, allowsInsecure));
        Assert.Equal(expected is null, refusal is null);
        Assert.Contains(expected ?? "", refusal ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_really_listened_on_is_compared()
    {
        ListenAddresses wanted = ListenAddresses.Read("http://127.0.0.1:0;http://[::1]:0");
        wanted.Check(["http://127.0.0.1:40000", "http://[::1]:40001"]);
        Assert.Throws<IOException>(() => wanted.Check(["http://127.0.0.1:40000"]));
        Assert.Throws<IOException>(() => wanted.Check(["http://127.0.0.1:40000", "http://[::]:40001"]));
        Assert.Throws<IOException>(() => wanted.Check(["http://127.0.0.1:40000", "http://0.0.0.0:40001"]));
    }

    [Fact]
    public async Task A_server_listens_on_exactly_the_address_that_was_read()
    {
        await using RunningServer server = await RunningServer.StartAsync(new StubDirectory(StubDirectory.Complete(0)));
        Assert.Equal("127.0.0.1", server.Http.BaseAddress!.Host);
        Assert.Equal(200, await server.Http.GetAsync("/alive").StatusAsync());
    }

    [Theory]
    [InlineData(1024, 768)]
    [InlineData(400, 144)]
    [InlineData(256, 64)]
    [InlineData(2, 1)]
    [InlineData(1_048_576, 16_384)]
    public void Connections_leave_descriptors_for_files(long limit, int connections) =>
        Assert.Equal(connections, OpenFiles.ConnectionsOf(limit));

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", int.MaxValue)]
    [InlineData("Max processes             10                   10                   processes ", int.MaxValue)]
    public void The_soft_limit_of_descriptors_is_read(string line, long limit) =>
        Assert.Equal(limit, OpenFiles.LimitOf(["Limit  Soft Limit  Hard Limit  Units", line]));
}
