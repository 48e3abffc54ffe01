using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;
using Generated;

/// <summary>What a user writes with a generated client; it is compiled and run by GeneratedClientTests.</summary>
public static class ClientCaller
{
    public static async Task<string[]> RunAsync(HttpClient http, byte[] enrolled, byte[] probe)
    {
        List<string> said = new();
        try
        {
            await UseAsync(new MatchClusterClient(http), said, enrolled, probe);
        }
        catch (ApiException<Error> unexpected)
        {
            said.Add($"{unexpected.StatusCode}: {unexpected.Result.Message}");
        }

        return said.ToArray();
    }

    private static async Task UseAsync(
        MatchClusterClient client, List<string> said, byte[] enrolled, byte[] probe)
    {
        ExtendablePersonIds ids = await client.CreateEncounterAsync(
            "P", "E", "T", null, null, null, null, null, null, null, Encounter(enrolled));
        said.Add($"created {ids.PersonId}/{ids.EncounterId}");
        Encounter read = await client.ReadEncounterAsync("P", "E", "T", null, null, null, null, null);
        said.Add($"read {read.Status}, {read.BiometricData.Count} sample, "
            + (read.BiometricData.First().Template.SequenceEqual(enrolled) ? "the same bytes" : "other bytes"));
        said.Add("again " + await StatusAsync(
            () => client.CreateEncounterAsync(
                "P", "E", "T2", null, null, null, null, null, null, null, Encounter(enrolled))));

        ICollection<Candidate> candidates = await client.IdentifyAsync(
            "G", "T", null, null, null, 5, 40, AccuracyLevel.Exhaustive, null, null, null, Rotation.Full, null, null,
            null, null, null, null, null,
            new IdentifyRequest { Filter = new Filter(), BiometricData = { Item(probe) } });
        Candidate best = candidates.Single();
        said.Add($"candidate {best.PersonId} of rank {best.Rank}, "
            + (best.Others.Adjudication == "required" ? "decided by a person" : "decided"));
        VerifyAnswer verified = await client.VerifyFromIdAsync(
            "G", "P", "T", null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null, null, null, new VerifyFromIdRequest { BiometricData = { Item(probe) } });
        said.Add($"verified {verified.Decision}");
        ExplainAnswer explained = await client.ExplainCandidateAsync(
            "G", "P", "E", null, null, null, null, null, null, null, null,
            new ExplainRequest { BiometricData = { Item(probe) } });
        said.Add($"explained {explained.Fingers.Single().Alignment.Mates.Count > 0}");
        PersonIds member = (await client.ReadGalleryContentAsync(
            "G", "T", null, null, null, null, null, null, null, null)).Single();
        said.Add($"listed {member.PersonId}/{member.EncounterId}");

        string line = Newtonsoft.Json.JsonConvert.SerializeObject(
            new BatchProbe { Id = "q1", BiometricData = [Item(probe)], Threshold = 40 });
        using (FileResponse stream = await client.BatchIdentifyAsync(
            "G", null, null, null, null, null, null, null, null, new MemoryStream(Encoding.UTF8.GetBytes(line + "\n"))))
        {
            string answer = await new StreamReader(stream.Stream).ReadToEndAsync();
            BatchAnswer one = Newtonsoft.Json.JsonConvert.DeserializeObject<BatchAnswer>(answer);
            said.Add($"line {one.Id}: {one.Candidates.Single().PersonId}");
        }

        try
        {
            await client.IdentifyAsync("G", "T", null, null, null, 5, -1, null, null, null, null, null, null,
                null, null, null, null, null, null,
                new IdentifyRequest { Filter = new Filter(), BiometricData = { Item(probe) } });
        }
        catch (ApiException<Error> refused)
        {
            said.Add($"refused {refused.StatusCode}: {refused.Result.Code}");
        }

        await client.DeleteAllAsync("P", "T", null, null, null, null);
        said.Add("deleted");
        said.Add("gone " + await StatusAsync(
            () => client.ReadEncounterAsync("P", "E", "T", null, null, null, null, null)));
        said.Add((await client.HealthAsync()).Status);
    }

    private static async Task<int> StatusAsync(Func<Task> call)
    {
        try
        {
            await call();
            return 200;
        }
        catch (ApiException refused)
        {
            return refused.StatusCode;
        }
    }

    private static Encounter Encounter(byte[] template) => new()
    {
        Status = EncounterStatus.ACTIVE,
        EncounterType = "visit",
        Galleries = { "G" },
        BiometricData = { Item(template) },
    };

    private static BiometricData Item(byte[] template) => new()
    {
        BiometricType = BiometricType.FINGER,
        BiometricSubType = BiometricSubType.RIGHT_INDEX,
        Template = template,
        TemplateFormat = "ISO_19794_2",
    };
}
