using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Retention;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Options;

/// <summary>receipt verify: prints what the receipt of a deletion states, where its signature holds.</summary>
internal static class ReceiptCommand
{
    /// <summary>Exit code of a receipt that does not verify.</summary>
    public const int Refused = 1;

    /// <summary>The file that stands for the standard input.</summary>
    private const string Input = "-";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Make()
    {
        Argument<string> file = new("FILE")
        {
            Description = $"The value of the header {Deletions.Header}; {Input} reads the standard input",
        };
        Option<string> key = new("--public-key")
        {
            HelpName = "FILE",
            Description = $"Public key of the installation, PEM ({Receipts.PublicName} in its data directory)",
            Required = true,
        };
        Command verify = new("verify", "Verify the signature of a receipt and print what it states") { file, key };
        verify.SetAction((said, _) => VerifyAsync(
            said.GetValue(file)!, said.GetValue(key)!, said.InvocationConfiguration.Output,
            said.InvocationConfiguration.Error));
        return new Command("receipt", "Work with receipts of deletions") { verify };
    }

    /// <returns>0 where it holds, 1 where it does not, 2 where it cannot be said.</returns>
    private static async Task<int> VerifyAsync(string file, string key, TextWriter output, TextWriter errors)
    {
        try
        {
            using ECDsa publicKey = SigningKeyFile.ReadPublic(key);
            string receipt = file == Input ? await Console.In.ReadToEndAsync() : await File.ReadAllTextAsync(file);
            JsonObject? statement = Receipts.Verify(receipt.Trim(), publicKey);
            await output.WriteLineAsync(statement?.ToJsonString(Readable)
                ?? $"{file}: is no receipt that the key of {key} signed, or it was changed");
            return statement is null ? Refused : 0;
        }
        catch (Exception error) when (error is StoreException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync("matchcluster: " + error.Message.ReplaceLineEndings(" "));
            return CommandLine.CannotStart;
        }
    }
}
