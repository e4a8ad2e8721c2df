"""The words and signs that say a status, for `status_lines`: patterns of lower-case text, in verbose form."""

from __future__ import annotations

from taskorch.records.decision import ACCEPTED, DEPRECATED, PROPOSED, REJECTED, SUPERSEDED

WORDS = {
    SUPERSEDED: r"""
        supp?er[sc]e+de?d | supers?ceded | supplanted | overrid+en | overruled
        | (?:replaced|obsoleted|succeeded|subsumed)(?=\W+(?:by|with|in)\b) | replaced(?=\W*$) | ersetzt
        | abgelöst | remplacée? | re[ei]mplazad[ao] | substituíd[ao] | sostituit[ao] | vervangen
        | 已取代 | 被取代""",
    DEPRECATED: r"""
        deprecated? | depr?[ei]ciated | deprecation | obsoleted? | retired | outdated | archived
        | inactive | sunset(?:ted)? | expired | out[ -]of[ -]date | invalid(?:ated)? | revoked
        | rescinded | decommissioned | reverted | legacy | historic(?:al)? | void(?:ed)? | annulled
        | (?:is[ ]|are[ ])?(?:no[ ]longer|not[ ]longer)[ ](?:valid|relevant|applicable|appl(?:y|ies)
            |in[ ](?:use|force|effect)|used|needed|active|current|accepted|recommended|true)
        | not[ ](?:valid|relevant|applicable|used|active)[ ]any(?:[ ]?more|[ ]longer) | veraltet
        | dépréciée? | obsolet[oa] | verouderd | 已废弃 | 已弃用 | 廃止""",
    REJECTED: r"""
        rejected? | declined? | withdrawn | abandoned | won['’ ]?t[ -]?(?:do|fix|implement|be[ ]\w+)
        | will[ ]not[ ](?:do|be|implement) | wontfix | denied | dismissed | discarded | cancel+ed
        | refused | dropped | aborted | no[ -]go | scrapped | shelved
        | not[ ](?:accepted|adopted|approved|pursued|chosen|agreed|going[ ](?:forward|ahead))
        | closed[ ](?:without|unaccepted|as[ ]rejected) | abgelehnt | verworfen | rejetée? | refusée?
        | rechazad[ao] | re[cj]ei?tad[ao] | recusad[ao] | rifiutat[ao] | afgewezen | отклонено | 却下
        | 已拒绝""",
    PROPOSED: r"""
        propos(?:ed|al|e|ing|ition) | draft(?:ed|ing)? | pending | wip | works?[ -]in[ -]progress
        | in[ -]+(?:review|discussion|draft|progress|consideration|preparation|development|consultation
            |debate|proposal|design)
        | (?:being|currently)[ ](?:discussed|reviewed|written|drafted|considered|evaluated)
        | under[ -](?:\w+[ ])?(?:discussion|review|consideration|evaluation|investigation|development
            |construction|debate|way)
        | rfcs? | requests?[ ]for[ ]comments? | open(?=\W|$)(?![ ](?:questions?|issues?|points?|source))
        | ideas? | suggest(?:ed|ion)
        | for[ ](?:discussion|review|consideration|comment|approval|decision) | awaiting | waiting
        | review(?:ing)?(?![ed]) | reviewable
        | (?:to[ ]be|tbd)[ -:]*(?:decided|discussed|reviewed|approved|accepted|determined|confirmed
            |agreed)
        | undecided | discuss(?:ing|ion|ed) | provisional(?:ly)? | experimental
        | (?:in[ -])?trial(?:l?ing|ed)? | incomplete | ongoing | on[ -]hold | deferred | postponed
        | paused | parked | stalled | accepting | (?:ready|up)[ ]for[ ]\w+
        | (?:seeking|requesting|soliciting)[ ]\w+
        | needs?[ ](?:review|discussion|decision|feedback|approval) | considering | last[ ]call
        | candidate | not[ ]yet[ ]\w+ | not[ ](?:decided|finali[sz]ed) | unapproved | unaccepted
        | preliminary | tentative(?![a-z]) | unter[ ]diskussion | vorgeschlagen | vorschlag | entwurf
        | in[ ](?:diskussion|bearbeitung|arbeit) | proposée? | brouillon | propuest[ao] | borrador
        | propost[ao] | rascunho | bozza | voorgesteld | concept | предложено | 提案 | 草案 | 提议""",
    ACCEPTED: r"""
        acc?ep?te?d?(?![a-z]) | ac+[ep]+ted | accetped | approved? | adopted? | implement(?:ed|ing)?
        | implementable
        | done | agreed? | decided | decision[ ](?:made|taken) | active | final(?:i[sz]ed)? | ratified
        | in[ ](?:use|effect|force|production|place|operation) | effective | valid | current(?=\W*$)
        | completed? | confirmed | resolved | enforced | published | live | living | standing | enacted
        | endorsed | chosen | selected | passed | signed[ -]off | merged | settled | released | deployed
        | delivered | applied | established | concluded | akzeptiert | angenommen | beschlossen
        | entschieden | genehmigt | umgesetzt | acceptée? | validée? | adoptée? | aceptad[ao]
        | aprobad[ao] | aceit[ao] | aprovad[ao] | accettat[ao] | approvat[ao] | geaccepteerd
        | aangenomen | goedgekeurd | besloten | accepterad | принято | 採用 | 承認 | 已接受 | 已采纳
        | 已通过 | 接受""",
}
SIGNS = {
    ACCEPTED: """
        ✅ ✔ ☑ 🟢 👍 🎉 ✓ 🆗 💚 🚀 :white_check_mark: :heavy_check_mark: :ballot_box_with_check:
        :check: :+1: :thumbsup: :green_circle: :tada: :rocket:""",
    REJECTED: """
        ❌ ✖ 🚫 ⛔ 🔴 👎 ✗ ❎ 🛑 :x: :no_entry: :no_entry_sign: :negative_squared_cross_mark:
        :-1: :thumbsdown: :red_circle:""",
    PROPOSED: """
        🚧 🤔 💡 📝 🟡 💬 ⏳ ⌛ 🗣 ❓ 🔍 👀 :construction: :thinking: :bulb: :memo: :pencil:
        :yellow_circle: :speech_balloon: :hourglass: :eyes: :question:""",
    DEPRECATED: """
        🗑 ⚰ 🪦 💀 🕸 :wastebasket: :coffin: :skull:""",
    SUPERSEDED: """
        ♻ 🔁 🔄 :recycle: :repeat: :arrows_counterclockwise:""",
}
